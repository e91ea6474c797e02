// The web page of `akin serve`: its files, as they stand in the folder `page`, inside the program.

#pragma once

#include <stddef.h>

typedef struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} akin_page_file;

// The number of files.
size_t akin_page_file_count(void);
// One of them, from 0 on.
const akin_page_file *akin_page_file_at(size_t index);
