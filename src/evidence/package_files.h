// The files of an evidence package (docs/format/package.md), shared by what writes and what verifies it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/record.h"

namespace luy::evidence {

inline constexpr std::string_view package_sums = "SHA256SUMS";
inline constexpr std::string_view package_manifest = "manifest";
inline constexpr std::string_view package_checkpoint = "checkpoint";
inline constexpr std::string_view package_keys = "keys.vkey";
inline constexpr std::string_view package_list = "records.tsv";
// What follows the origin in the first line of the manifest, so that it is never taken for a checkpoint.
inline constexpr std::string_view package_origin_suffix = "/package";

// "records/<seq>" and what the file is.
std::string leaf_name(std::uint64_t seq);
std::string proof_name(std::uint64_t seq);
// The seq of a name as leaf_name() gives it; nullopt for any other.
std::optional<std::uint64_t> seq_of_leaf_name(std::string_view name);
// Whether SHA256SUMS may list it.
bool is_package_file(std::string_view name);

// Bytes as text: what is not printable ASCII or above 0x7f, and the backslash, as \xHH.
std::string readable(std::string_view raw);
// The record's line of records.tsv.
std::string record_line(const Record& record);

}  // namespace luy::evidence
