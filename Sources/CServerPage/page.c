#include "CServerPage.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char openapi[] = {
#embed "page/openapi.json"
};

#define FILE_OF(NAME, BYTES) {NAME, BYTES, sizeof BYTES}

static const akin_page_file files[] = {
    FILE_OF("openapi.json", openapi),
};

size_t akin_page_file_count(void) { return sizeof files / sizeof files[0]; }

const akin_page_file *akin_page_file_at(size_t index) { return &files[index]; }
