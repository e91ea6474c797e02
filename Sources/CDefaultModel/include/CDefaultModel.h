#pragma once

/// The model in the box: a safetensors file in base64. Made by Scripts/default-model.
const char *akin_default_model(void);
