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
inline constexpr std::string_view package_certificates = "certificates";
inline constexpr std::string_view package_list = "records.tsv";
inline constexpr std::string_view package_days_folder = "days";
inline constexpr std::string_view package_consistency = "consistency";
// What follows the origin in the first line of the manifest, so that it is never taken for a checkpoint.
inline constexpr std::string_view package_origin_suffix = "/package";

// "records/<seq>" and what the file is.
std::string leaf_name(std::uint64_t seq);
std::string proof_name(std::uint64_t seq);
// The seq of a name as leaf_name() gives it; nullopt for any other.
std::optional<std::uint64_t> seq_of_leaf_name(std::string_view name);
// Whether SHA256SUMS may list it; in a package of whole days.
bool is_package_file(std::string_view name);
bool is_day_package_file(std::string_view name);
// Whether it lies beside what SHA256SUMS lists: itself, and what is signed and says nothing about the files.
bool is_beside_sums(std::string_view name);

// Bytes as text: what is not printable ASCII or above 0x7f, and the backslash, as \xHH.
std::string readable(std::string_view raw);
// The part of the verify scripts that follows certificates to the keys that may sign.
std::string_view package_chain();
// The record's line of records.tsv.
std::string record_line(const Record& record);

}  // namespace luy::evidence
