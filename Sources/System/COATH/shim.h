#pragma once
#include <liboath/oath.h>

/// The macro casts, which Swift does not read.
static inline size_t coath_dynamic_truncation(void) { return OATH_HOTP_DYNAMIC_TRUNCATION; }
