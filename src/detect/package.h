// Packages of rules as bytes: gzip (RFC 1952) and tar (POSIX ustar with GNU long names), only as much as SigmaHQ's
// release packages and users' own archives need. Bounded; nothing is written anywhere. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/rule_set.h"

namespace luy::detect {

inline constexpr ErrorKind bad_package{"detect.bad_package", ErrorClass::invalid,
                                       "Gói luật hỏng hoặc không phải .tar.gz: {}. Hãy tải lại gói.",
                                       "The rule package is damaged or no .tar.gz: {}. Get it again."};

inline constexpr std::size_t package_bytes_max = 256 << 20;  // Unpacked. SigmaHQ's whole set has 15 MB.
inline constexpr std::size_t package_files_max = 100'000;

// Whether the bytes begin as gzip does.
bool is_gzip(std::string_view bytes);
// All members one after another, as gzip itself reads them. Errors: bad_package, over_limit.
Result<std::string> gunzip(std::string_view bytes, std::size_t bytes_max = package_bytes_max);

// The .yml and .yaml files of a tar or tar.gz, sorted by name; links, devices and other files are passed over.
// Errors: bad_package, over_limit.
Result<std::vector<RuleFile>> unpack_rules(std::string_view bytes);

// Of several packages one beside another: at most 40 of a-z, 0-9, "-"; empty: the unnamed one.
inline constexpr std::size_t package_name_bytes_max = 40;
bool is_package_name(std::string_view name);

// A tar that unpack_rules() reads back, in the order given.
std::string pack_rules(const std::vector<RuleFile>& files);

// Whether a file of this name is taken for a rule file.
bool is_rule_file(std::string_view name);

}  // namespace luy::detect
