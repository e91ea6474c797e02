// Compares every kernel with its reference, for each instruction set of the processor that this runs on. Built with
// sanitizers by check-kernels.sh; buffers are of the exact size, so that reading past one is noticed.

#define _GNU_SOURCE  // M_PI
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

static int failures = 0;

static void fail(const char *what, const char *details) {
  failures++;
  if (failures <= 20) printf("%s: %s: %s\n", akin_instruction_set_name(akin_instruction_set()), what, details);
}

/// A small generator of its own, so that every run and machine checks the same numbers.
static uint32_t random_bits(void) {
  static uint32_t state = 1;
  state = state * 1664525 + 1013904223;
  return state >> 8;
}

static float *zeros(int64_t count) { return calloc((size_t)count, sizeof(float)); }

/// Small integers, with which sums are exact: winners tie, and results must be equal to the bit.
static float *integers(int64_t count, int shift) {
  float *values = zeros(count);
  for (int64_t i = 0; i < count; i++) values[i] = (float)((int)(random_bits() % 7) - 3 + shift);
  return values;
}

static float *reals(int64_t count) {
  float *values = zeros(count);
  for (int64_t i = 0; i < count; i++) values[i] = (float)(random_bits() % 20001) / 10000 - 1;
  return values;
}

static double largest_difference(const float *a, const float *b, int64_t count) {
  double largest = 0;
  for (int64_t i = 0; i < count; i++) {
    const double difference = fabs((double)a[i] - (double)b[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

static void check_conv_block(const akin_conv_block *b, bool exact, int biasShift) {
  const int64_t inputs = (int64_t)b->inputFrames * b->inputBands * b->inputChannels;
  const int64_t pools = (int64_t)((b->inputFrames - 2) / b->poolFrames) * (b->inputBands / b->poolBands);
  const int64_t outputs = pools * b->outputChannels, weights = (int64_t)b->outputChannels * b->inputChannels * 3;
  const int64_t gradients = akin_conv_block_gradient_count(b);
  float *input = exact ? integers(inputs, 0) : reals(inputs), *weight = exact ? integers(weights, 0) : reals(weights);
  float *bias = integers(b->outputChannels, biasShift);
  float *outputGradient = exact ? integers(outputs, 0) : reals(outputs);
  float *packed = zeros(akin_conv_block_packed_count(b)), *output = zeros(outputs), *expected = zeros(outputs);
  float *inputGradient = integers(inputs, 0), *expectedInput = integers(inputs, 0);
  float *gradient = zeros(gradients), *expectedGradient = zeros(gradients);
  uint8_t *winners = calloc((size_t)outputs, 1), *expectedWinners = calloc((size_t)outputs, 1);
  char name[120];
  snprintf(
      name, sizeof name, "%d x %d x %d to %d, pool %d x %d%s", b->inputFrames, b->inputBands, b->inputChannels,
      b->outputChannels, b->poolFrames, b->poolBands, exact ? ", exact" : "");
  const double tolerance = exact ? 0 : 2e-5 * b->inputChannels;

  akin_conv_block_pack(b, weight, packed);
  akin_reference_conv_block_forward(b, input, packed, bias, expected, expectedWinners);
  akin_conv_block_forward(b, input, packed, bias, output, winners);
  if (!(largest_difference(output, expected, outputs) <= tolerance)) fail("output", name);
  if (exact && memcmp(winners, expectedWinners, (size_t)outputs)) fail("winners", name);
  float *alone = zeros(outputs);
  akin_conv_block_forward(b, input, packed, bias, alone, NULL);
  if (memcmp(alone, output, (size_t)outputs * sizeof(float))) fail("output without winners", name);

  for (int round = 0; round < 2; round++) {  // twice: gradients add up; without the input's gradient the second time
    float *in = round ? NULL : inputGradient, *expectedIn = round ? NULL : expectedInput;
    akin_conv_block_backward(b, input, packed, expected, expectedWinners, outputGradient, in, gradient);
    akin_reference_conv_block_backward(
        b, input, packed, expected, expectedWinners, outputGradient, expectedIn, expectedGradient);
  }
  const double sums = exact ? 0 : 1e-5 * (double)(pools + 3 * b->outputChannels);
  if (!(largest_difference(inputGradient, expectedInput, inputs) <= sums)) fail("input's gradient", name);
  if (!(largest_difference(gradient, expectedGradient, gradients) <= sums)) fail("weights' gradient", name);
  free(input), free(weight), free(bias), free(outputGradient), free(packed), free(output), free(expected);
  free(inputGradient), free(expectedInput), free(gradient), free(expectedGradient), free(winners);
  free(expectedWinners), free(alone);
}

static void check_conv_blocks(void) {
  static const int channels[] = {1, 2, 3, 8, 16, 17, 40, 64}, outputs[] = {1, 5, 16, 17, 32, 40, 64};
  static const int pools[][2] = {{2, 2}, {4, 4}, {1, 1}, {3, 2}, {4, 1}, {1, 4}, {8, 5}};
  static const int sizes[][2] = {{11, 8}, {18, 9}, {10, 10}, {13, 7}};
  for (int c = 0; c < 8; c++) {
    for (int o = 0; o < 7; o++) {
      for (int p = 0; p < 7; p++) {
        for (int s = 0; s < 4; s++) {
          akin_conv_block b = {sizes[s][0], sizes[s][1], channels[c], outputs[o], pools[p][0], pools[p][1]};
          check_conv_block(&b, s != 1, s == 2 ? -60 * channels[c] : 0);  // the third: (nearly) all dead
        }
      }
    }
  }
  // More bands than a strip computes together, and more channels than it is for.
  static const akin_conv_block wide[] = {
    {15, 38, 64, 20, 2, 2}, {15, 20, 128, 33, 4, 4}, {11, 70, 9, 16, 2, 2}, {10, 4, 130, 16, 4, 4},
  };
  for (int s = 0; s < 4; s++) {
    check_conv_block(&wide[s], true, 0);
    check_conv_block(&wide[s], false, 0);
  }
}

typedef struct {
  float *lastState, *saved, *inputGradient;
  akin_gru_gradient gradient;
} gru_results;

static gru_results make_gru_results(const akin_gru *g) {
  const int64_t gates = 3 * (int64_t)g->hiddenSize;
  return (gru_results){
    zeros((int64_t)g->batch * (g->hiddenSize + 3)), zeros(akin_gru_saved_count(g)),
    zeros((int64_t)g->steps * g->batch * g->inputSize),
    {zeros(gates * g->inputSize), zeros(gates * g->hiddenSize), zeros(gates), zeros(gates)},
  };
}

static void free_gru_results(gru_results r) {
  free(r.lastState), free(r.saved), free(r.inputGradient), free(r.gradient.weightInput);
  free(r.gradient.weightHidden), free(r.gradient.biasInput), free(r.gradient.biasHidden);
}

static void check_gru(const akin_gru *g, bool reversed) {
  const int64_t H = g->hiddenSize, I = g->inputSize, gates = 3 * H, stride = H + 3;
  const int64_t inputs = (int64_t)g->steps * g->batch * I;
  float *input = reals(inputs), *wi = reals(gates * I), *wh = reals(gates * H), *bi = reals(gates), *bh = reals(gates);
  for (int64_t i = 0; i < gates * H; i++) wh[i] /= sqrtf((float)H);
  float *lastGradient = reals(g->batch * stride);
  float *packed = zeros(akin_gru_packed_count(g)), *workspace = zeros(akin_gru_workspace_count(g));
  gru_results fast = make_gru_results(g), slow = make_gru_results(g);
  char name[80];
  snprintf(name, sizeof name, "GRU %d x %d x %d to %d", g->steps, g->batch, g->inputSize, g->hiddenSize);

  akin_gru_pack(g, wi, wh, bi, bh, packed);
  akin_gru_forward(g, reversed, input, packed, fast.lastState, stride, fast.saved, workspace);
  akin_reference_gru_forward(g, reversed, input, packed, slow.lastState, stride, slow.saved, workspace);
  if (!(largest_difference(fast.lastState, slow.lastState, g->batch * stride) <= 2e-6)) fail("last state", name);
  if (!(largest_difference(fast.saved, slow.saved, akin_gru_saved_count(g)) <= 1e-5)) fail("saved", name);
  float *alone = zeros(g->batch * stride);
  akin_gru_forward(g, reversed, input, packed, alone, stride, NULL, workspace);
  if (memcmp(alone, fast.lastState, (size_t)(g->batch * stride) * sizeof(float))) fail("without saving", name);

  akin_gru_backward(
      g, reversed, input, packed, fast.saved, lastGradient, stride, fast.inputGradient, fast.gradient, workspace);
  akin_reference_gru_backward(
      g, reversed, input, packed, slow.saved, lastGradient, stride, slow.inputGradient, slow.gradient, workspace);
  const double largest = fmax(
      fmax(
          largest_difference(fast.inputGradient, slow.inputGradient, inputs),
          largest_difference(fast.gradient.weightInput, slow.gradient.weightInput, gates * I)),
      fmax(
          largest_difference(fast.gradient.weightHidden, slow.gradient.weightHidden, gates * H),
          fmax(
              largest_difference(fast.gradient.biasInput, slow.gradient.biasInput, gates),
              largest_difference(fast.gradient.biasHidden, slow.gradient.biasHidden, gates))));
  if (!(largest <= 1e-4)) fail("gradients", name);
  free_gru_results(fast), free_gru_results(slow), free(input), free(wi), free(wh), free(bi), free(bh);
  free(lastGradient), free(packed), free(workspace), free(alone);
}

static void check_grus(void) {
  static const akin_gru shapes[] = {{160, 16, 32, 64}, {160, 5, 32, 64}, {1, 1, 1, 1}, {7, 3, 5, 9}, {3, 4, 17, 33}};
  for (int s = 0; s < 5; s++) {
    check_gru(&shapes[s], false);
    check_gru(&shapes[s], true);
  }
}

static void check_product(int rows, int columns, int depth) {
  const int64_t bRow = columns + 2, cRow = columns + 3, count = rows * cRow;
  float *a = integers((int64_t)rows * depth, 0), *b = integers(depth * bRow, 0);
  float *c = zeros(count), *expected = zeros(count);
  char name[60];
  snprintf(name, sizeof name, "%d x %d x %d", rows, depth, columns);
  for (int transposed = 0; transposed < 2; transposed++) {
    const akin_operand operand = {a, transposed ? 1 : depth, transposed ? rows : 1};
    akin_add_product(rows, columns, depth, operand, b, bRow, c, cRow);
    akin_reference_add_product(rows, columns, depth, operand, b, bRow, expected, cRow);
  }
  if (memcmp(c, expected, (size_t)count * sizeof(float))) fail("product", name);
  free(a), free(b), free(c), free(expected);
}

static void check_products(void) {
  for (int rows = 1; rows < 12; rows++) {
    for (int columns = 1; columns < 150; columns += 1 + columns / 3) {
      check_product(rows, columns, 1);
      check_product(rows, columns, 31);
      check_product(rows, columns, 260);
    }
  }
}

static void check_dot_products(int length) {
  enum { VECTORS = 23, COUNT = 19 };
  float *x = integers(length, 0), *vectors = integers((int64_t)VECTORS * length, 0);
  float *results = zeros(COUNT), *expected = zeros(COUNT);
  int64_t rows[COUNT];
  for (int i = 0; i < COUNT; i++) rows[i] = (7 * i + 3) % VECTORS;
  for (int count = 0; count <= COUNT; count++) {
    akin_dot_products(length, x, vectors, rows, count, results);
    akin_reference_dot_products(length, x, vectors, rows, count, expected);
    if (memcmp(results, expected, sizeof rows / sizeof *rows * sizeof *results)) fail("dot products", "");
  }
  free(x), free(vectors), free(results), free(expected);
}

static void check_max_pool(int frames, int bands) {
  const int width = bands / 2, count = frames / 4 * width;
  float *input = integers((int64_t)frames * bands, 0), *output = zeros(count), *alone = zeros(count);
  uint8_t *winners = calloc((size_t)count, 1);
  akin_max_pool(frames, bands, 4, 2, input, output, winners);
  akin_max_pool(frames, bands, 4, 2, input, alone, NULL);
  for (int at = 0; at < count; at++) {
    const float *pool = input + at / width * 4 * bands + at % width * 2;
    int best = 0;
    for (int p = 1; p < 8; p++) {
      if (pool[p / 2 * bands + p % 2] > pool[best / 2 * bands + best % 2]) best = p;
    }
    const float expected = pool[best / 2 * bands + best % 2];
    if (winners[at] != best || output[at] != expected || alone[at] != expected) fail("max pool", "4 x 2");
  }
  free(input), free(output), free(alone), free(winners);
}

static void check_values(const char *what, int size, float *found, float *expected, int64_t count, double tolerance) {
  char name[40];
  snprintf(name, sizeof name, "%d", size);
  if (!(largest_difference(found, expected, count) <= tolerance)) fail(what, name);
  free(found), free(expected);
}

static void check_power_spectrum(const akin_mel_kernels *fast, const akin_mel_kernels *slow, int half) {
  float *transform = reals(2 * half), *cosines = zeros(half / 2 + 1), *sines = zeros(half / 2 + 1);
  for (int k = 0; k <= half / 2; k++) {
    cosines[k] = (float)cos(M_PI * k / half);
    sines[k] = (float)sin(M_PI * k / half);
  }
  float *power = zeros(half + 1), *expected = zeros(half + 1);
  fast->power_spectrum(transform, cosines, sines, power, half);
  slow->power_spectrum(transform, cosines, sines, expected, half);
  check_values("power spectrum", half, power, expected, half + 1, 1e-5);
  free(transform), free(cosines), free(sines);
}

/// Bands of all widths, of which the last reaches to the end of the padded bins.
static void check_mel_decibels(const akin_mel_kernels *fast, const akin_mel_kernels *slow, int groups) {
  enum { L = akin_mel_lane_count };
  const int bands = groups * L;
  int32_t *first = calloc((size_t)bands, sizeof *first), *counts = calloc((size_t)groups, sizeof *counts), total = 0;
  for (int g = 0; g < groups; g++) total += counts[g] = L * (1 + g % 3);
  const int bins = 10 * L;
  for (int b = 0; b < bands; b++) first[b] = (int32_t)(random_bits() % (uint32_t)(bins - counts[b / L] + 1));
  first[bands - 1] = bins - counts[groups - 1];
  float *weights = reals((int64_t)total * L), *power = reals(bins);
  for (int64_t i = 0; i < (int64_t)total * L; i++) weights[i] = fabsf(weights[i]);
  for (int i = 0; i < bins; i++) power[i] = expf(20 * power[i]);
  const akin_mel_bank bank = {bands, first, counts, weights};
  float *decibels = zeros(bands), *expected = zeros(bands);
  fast->mel_decibels(&bank, power, decibels);
  slow->mel_decibels(&bank, power, expected);
  check_values("mel decibels", groups, decibels, expected, bands, 1e-4);
  free(first), free(counts), free(weights), free(power);
}

static void check_rows(const akin_mel_kernels *fast, const akin_mel_kernels *slow, int rows, int inputs, int count) {
  enum { L = akin_mel_lane_count };
  const int64_t outputs = (int64_t)rows * count;
  float *values = reals((int64_t)rows * inputs), *basis = reals((int64_t)(count + L - 1) / L * L * inputs);
  float *output = zeros(outputs), *expected = zeros(outputs);
  fast->project_rows(values, rows, inputs, basis, count, output);
  slow->project_rows(values, rows, inputs, basis, count, expected);
  check_values("projection", count, output, expected, outputs, 1e-5 * inputs);
  const int64_t size = (int64_t)rows * inputs;
  if (fast->maximum(values, size) != slow->maximum(values, size)) fail("maximum", "");
  float *floored = zeros(size), *expectedFloored = zeros(size);
  float *windowed = zeros(size), *expectedWindowed = zeros(size);
  fast->subtract_and_floor(values, 0.25f, -0.5f, floored, size);
  slow->subtract_and_floor(values, 0.25f, -0.5f, expectedFloored, size);
  check_values("floor", rows, floored, expectedFloored, size, 0);
  fast->apply_window(values, values, windowed, size);
  slow->apply_window(values, values, expectedWindowed, size);
  check_values("window", rows, windowed, expectedWindowed, size, 0);
  free(values), free(basis);
}

static void check_mel(void) {
  const akin_mel_kernels *fast = akin_mel_kernels_of(akin_instruction_set()), *slow = akin_reference_mel_kernels();
  static const int halves[] = {1, 2, 3, 8, 17, 18, 31, 50, 256, 1024};
  for (int i = 0; i < 10; i++) check_power_spectrum(fast, slow, halves[i]);
  for (int groups = 1; groups < 9; groups++) check_mel_decibels(fast, slow, groups);
  for (int rows = 1; rows < 20; rows++) {
    check_rows(fast, slow, rows, 3 * rows - 2, 1 + rows % 11);
    check_rows(fast, slow, rows, 128, 20);
  }
}

static void check_decimation(int factor, int taps, int count) {
  const int64_t stride = count + taps - 1 + AKIN_DECIMATION_SPARE;
  const akin_decimation decimation = {factor, taps, stride};
  float *phases = integers(factor * stride, 0), *filter = integers((int64_t)factor * taps, 0);
  float *output = zeros(count), *expected = zeros(count);
  akin_decimate(&decimation, phases, filter, output, count);
  akin_reference_decimate(&decimation, phases, filter, expected, count);
  check_values("decimation", taps, output, expected, count, 0);
  free(phases), free(filter);
}

/// Vectors of about length 1, all candidates of a scan against the reference's. Codes are of the exact size.
static void check_codes(int rows, int dimension, int queries) {
  const int blocks = (rows + 31) / 32, found = blocks * 32 * queries;
  const int64_t size = akin_code_block_size(dimension), querySize = akin_code_query_size(dimension);
  float *vectors = reals((int64_t)rows * dimension), *asked = reals((int64_t)queries * dimension);
  for (int64_t i = 0; i < (int64_t)rows * dimension; i++) vectors[i] /= sqrtf((float)dimension);
  for (int64_t i = 0; i < (int64_t)queries * dimension; i++) asked[i] /= sqrtf((float)dimension);
  uint8_t *bytes = malloc((size_t)(size * blocks));
  akin_code_block *parts = malloc(sizeof(akin_code_block) * (size_t)blocks);
  for (int b = 0; b < blocks; b++) {
    const int count = rows - 32 * b < 32 ? rows - 32 * b : 32;
    akin_codes_encode_block(
        count, dimension, vectors + (int64_t)b * 32 * dimension, dimension, bytes + b * size, &parts[b]);
  }
  const akin_codes codes = {rows, dimension, bytes, parts};
  int8_t *queryCodes = malloc((size_t)(querySize * queries));
  akin_code_query *coded = malloc(sizeof(akin_code_query) * (size_t)queries);
  for (int q = 0; q < queries; q++) {
    coded[q] = akin_codes_encode_query(dimension, asked + (int64_t)q * dimension, 0, queryCodes + q * querySize);
    if (q % 4) akin_code_query_set_level(&coded[q], (q % 4 - 2) * 0.1);
  }
  akin_code_candidate *fast = malloc(sizeof(akin_code_candidate) * (size_t)found);
  akin_code_candidate *slow = malloc(sizeof(akin_code_candidate) * (size_t)found);
  const int64_t count = akin_codes_scan(&codes, 0, blocks, coded, queries, fast);
  bool equal = count == akin_reference_codes_scan(&codes, 0, blocks, coded, queries, slow);
  // A block's candidates come in an order of its own for each instruction set, each query's in ascending order.
  for (int q = 0; equal && q < queries; q++) {
    int64_t a = 0, b = 0;
    while (equal) {
      while (a < count && fast[a].query != q) a++;
      while (b < count && slow[b].query != q) b++;
      if (a == count || b == count) {
        equal = a == b;
        break;
      }
      equal = fast[a++].row == slow[b++].row;
    }
  }
  char name[80];
  snprintf(name, sizeof name, "%d rows x %d, %d queries", rows, dimension, queries);
  if (!equal) fail("scan of codes", name);
  free(vectors), free(asked), free(bytes), free(parts), free(queryCodes), free(coded), free(fast), free(slow);
}

int main(void) {
  for (int set = AKIN_PORTABLE; set < AKIN_INSTRUCTION_SET_COUNT; set++) {
    if (!akin_force_instruction_set((akin_instructions)set)) continue;
    const int before = failures;
    check_conv_blocks();
    check_grus();
    check_products();
    check_dot_products(16), check_dot_products(64), check_dot_products(1712);
    check_max_pool(13, 9);
    check_max_pool(8, 77);
    check_mel();
    check_decimation(2, 68, 576);
    check_decimation(3, 35, 101);
    check_codes(1, 1, 1), check_codes(33, 3, 2), check_codes(64, 33, 7), check_codes(70, 60, 13);
    check_codes(97, 140, 17), check_codes(40, 1000, 9);
    printf("%s: %d failed\n", akin_instruction_set_name((akin_instructions)set), failures - before);
  }
  return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
