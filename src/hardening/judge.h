// Runs checks over a machine. Pure but for what the Source reads; the clock comes in as a time.
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "fact/fact.h"
#include "hardening/check.h"
#include "hardening/source.h"

namespace luy::hardening {

inline constexpr std::size_t found_bytes_max = 200;  // Of a value as it is told; longer ones are cut.

// Every check of the catalogue, in its order. What cannot be read is unknown, never right.
fact::Hardening run_checks(const Catalogue& catalogue, const Source& source, Time now);
// One of them.
fact::CheckResult run_check(const Check& check, const Source& source, Time now);

// Why a result is unknown or does not apply, for people; empty texts for a right or wrong one.
Text reason_of(const fact::CheckResult& result);

}  // namespace luy::hardening
