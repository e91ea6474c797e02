#include "CServerPage.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "page/index.html"
};
static const unsigned char api_js[] = {
#embed "page/api.js"
};
static const unsigned char cards_js[] = {
#embed "page/cards.js"
};
static const unsigned char components_css[] = {
#embed "page/components.css"
};
static const unsigned char cover_js[] = {
#embed "page/cover.js"
};
static const unsigned char dom_js[] = {
#embed "page/dom.js"
};
static const unsigned char excerpt_js[] = {
#embed "page/excerpt.js"
};
static const unsigned char explain_js[] = {
#embed "page/explain.js"
};
static const unsigned char filter_editor_js[] = {
#embed "page/filter-editor.js"
};
static const unsigned char icon_svg[] = {
#embed "page/icon.svg"
};
static const unsigned char icons_js[] = {
#embed "page/icons.js"
};
static const unsigned char keys_js[] = {
#embed "page/keys.js"
};
static const unsigned char layout_css[] = {
#embed "page/layout.css"
};
static const unsigned char links_js[] = {
#embed "page/links.js"
};
static const unsigned char main_js[] = {
#embed "page/main.js"
};
static const unsigned char map_colors_js[] = {
#embed "page/map-colors.js"
};
static const unsigned char map_data_js[] = {
#embed "page/map-data.js"
};
static const unsigned char map_overlay_js[] = {
#embed "page/map-overlay.js"
};
static const unsigned char map_painter_js[] = {
#embed "page/map-painter.js"
};
static const unsigned char map_pointer_js[] = {
#embed "page/map-pointer.js"
};
static const unsigned char map_css[] = {
#embed "page/map.css"
};
static const unsigned char map_js[] = {
#embed "page/map.js"
};
static const unsigned char notice_js[] = {
#embed "page/notice.js"
};
static const unsigned char openapi[] = {
#embed "page/openapi.json"
};
static const unsigned char page_webmanifest[] = {
#embed "page/page.webmanifest"
};
static const unsigned char player_bar_js[] = {
#embed "page/player-bar.js"
};
static const unsigned char player_js[] = {
#embed "page/player.js"
};
static const unsigned char queue_panel_js[] = {
#embed "page/queue-panel.js"
};
static const unsigned char queue_js[] = {
#embed "page/queue.js"
};
static const unsigned char save_js[] = {
#embed "page/save.js"
};
static const unsigned char search_box_js[] = {
#embed "page/search-box.js"
};
static const unsigned char seed_picker_js[] = {
#embed "page/seed-picker.js"
};
static const unsigned char small_map_js[] = {
#embed "page/small-map.js"
};
static const unsigned char song_row_js[] = {
#embed "page/song-row.js"
};
static const unsigned char theme_button_js[] = {
#embed "page/theme-button.js"
};
static const unsigned char theme_js[] = {
#embed "page/theme.js"
};
static const unsigned char tokens_css[] = {
#embed "page/tokens.css"
};
static const unsigned char view_album_js[] = {
#embed "page/view-album.js"
};
static const unsigned char view_albums_js[] = {
#embed "page/view-albums.js"
};
static const unsigned char view_artist_js[] = {
#embed "page/view-artist.js"
};
static const unsigned char view_artists_js[] = {
#embed "page/view-artists.js"
};
static const unsigned char view_duplicates_js[] = {
#embed "page/view-duplicates.js"
};
static const unsigned char view_ear_js[] = {
#embed "page/view-ear.js"
};
static const unsigned char view_empty_js[] = {
#embed "page/view-empty.js"
};
static const unsigned char view_genre_js[] = {
#embed "page/view-genre.js"
};
static const unsigned char view_genres_js[] = {
#embed "page/view-genres.js"
};
static const unsigned char view_library_js[] = {
#embed "page/view-library.js"
};
static const unsigned char view_map_js[] = {
#embed "page/view-map.js"
};
static const unsigned char view_playlist_js[] = {
#embed "page/view-playlist.js"
};
static const unsigned char view_quality_js[] = {
#embed "page/view-quality.js"
};
static const unsigned char view_search_js[] = {
#embed "page/view-search.js"
};
static const unsigned char view_song_js[] = {
#embed "page/view-song.js"
};
static const unsigned char views_css[] = {
#embed "page/views.css"
};
static const unsigned char virtual_js[] = {
#embed "page/virtual.js"
};

static const unsigned char login_html[] = {
#embed "page/login.html"
};

static const unsigned char login_css[] = {
#embed "page/login.css"
};

static const unsigned char login_js[] = {
#embed "page/login.js"
};

#define FILE_OF(NAME, BYTES) {NAME, BYTES, sizeof BYTES}

static const akin_page_file files[] = {
    FILE_OF("index.html", index_html),
    FILE_OF("api.js", api_js),
    FILE_OF("cards.js", cards_js),
    FILE_OF("components.css", components_css),
    FILE_OF("cover.js", cover_js),
    FILE_OF("dom.js", dom_js),
    FILE_OF("excerpt.js", excerpt_js),
    FILE_OF("explain.js", explain_js),
    FILE_OF("filter-editor.js", filter_editor_js),
    FILE_OF("icon.svg", icon_svg),
    FILE_OF("icons.js", icons_js),
    FILE_OF("keys.js", keys_js),
    FILE_OF("layout.css", layout_css),
    FILE_OF("links.js", links_js),
    FILE_OF("main.js", main_js),
    FILE_OF("map-colors.js", map_colors_js),
    FILE_OF("map-data.js", map_data_js),
    FILE_OF("map-overlay.js", map_overlay_js),
    FILE_OF("map-painter.js", map_painter_js),
    FILE_OF("map-pointer.js", map_pointer_js),
    FILE_OF("map.css", map_css),
    FILE_OF("map.js", map_js),
    FILE_OF("notice.js", notice_js),
    FILE_OF("openapi.json", openapi),
    FILE_OF("page.webmanifest", page_webmanifest),
    FILE_OF("player-bar.js", player_bar_js),
    FILE_OF("player.js", player_js),
    FILE_OF("queue-panel.js", queue_panel_js),
    FILE_OF("queue.js", queue_js),
    FILE_OF("save.js", save_js),
    FILE_OF("search-box.js", search_box_js),
    FILE_OF("seed-picker.js", seed_picker_js),
    FILE_OF("small-map.js", small_map_js),
    FILE_OF("song-row.js", song_row_js),
    FILE_OF("theme-button.js", theme_button_js),
    FILE_OF("theme.js", theme_js),
    FILE_OF("tokens.css", tokens_css),
    FILE_OF("view-album.js", view_album_js),
    FILE_OF("view-albums.js", view_albums_js),
    FILE_OF("view-artist.js", view_artist_js),
    FILE_OF("view-artists.js", view_artists_js),
    FILE_OF("view-duplicates.js", view_duplicates_js),
    FILE_OF("view-ear.js", view_ear_js),
    FILE_OF("view-empty.js", view_empty_js),
    FILE_OF("view-genre.js", view_genre_js),
    FILE_OF("view-genres.js", view_genres_js),
    FILE_OF("view-library.js", view_library_js),
    FILE_OF("view-map.js", view_map_js),
    FILE_OF("view-playlist.js", view_playlist_js),
    FILE_OF("view-quality.js", view_quality_js),
    FILE_OF("view-search.js", view_search_js),
    FILE_OF("view-song.js", view_song_js),
    FILE_OF("views.css", views_css),
    FILE_OF("virtual.js", virtual_js),
    FILE_OF("login.html", login_html),
    FILE_OF("login.css", login_css),
    FILE_OF("login.js", login_js),
};

size_t akin_page_file_count(void) { return sizeof files / sizeof files[0]; }

const akin_page_file *akin_page_file_at(size_t index) { return &files[index]; }
