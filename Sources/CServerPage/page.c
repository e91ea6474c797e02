#include "CServerPage.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char openapi[] = {
#embed "page/openapi.json"
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
    FILE_OF("openapi.json", openapi),
    FILE_OF("login.html", login_html),
    FILE_OF("login.css", login_css),
    FILE_OF("login.js", login_js),
};

size_t akin_page_file_count(void) { return sizeof files / sizeof files[0]; }

const akin_page_file *akin_page_file_at(size_t index) { return &files[index]; }
