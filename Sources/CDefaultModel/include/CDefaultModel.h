#pragma once

// The models in the box: safetensors files in base64. Made by Scripts/default-model.

/// The directions of the descriptor that the default shrinks.
const char *akin_default_directions(void);
/// The network that the default hears with.
const char *akin_default_character(void);
