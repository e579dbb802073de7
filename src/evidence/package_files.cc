#include "evidence/package_files.h"

#include <array>
#include <charconv>

#include "base/encoding.h"
#include "evidence/day_file.h"

namespace luy::evidence {
namespace {

constexpr std::string_view folder = "records/";
constexpr std::string_view leaf_suffix = ".leaf";
constexpr std::string_view proof_suffix = ".tlog-proof";
constexpr std::array<std::string_view, 5> single_files = {package_list, package_checkpoint, package_keys, "verify.sh",
                                                          "DOC-TRUOC.txt"};

// Only the one way to write a number: no leading zeros, so that no record has two names.
std::optional<std::uint64_t> seq_of_name(std::string_view name, std::string_view suffix) {
  if (!name.starts_with(folder) || !name.ends_with(suffix)) return std::nullopt;
  name.remove_prefix(folder.size());
  if (name.size() <= suffix.size()) return std::nullopt;
  name.remove_suffix(suffix.size());
  std::uint64_t seq = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), seq);
  if (error != std::errc() || end != name.data() + name.size() || std::to_string(seq) != name) return std::nullopt;
  return seq;
}

}  // namespace

std::string leaf_name(std::uint64_t seq) {
  return std::string(folder) + std::to_string(seq) + std::string(leaf_suffix);
}

std::string proof_name(std::uint64_t seq) {
  return std::string(folder) + std::to_string(seq) + std::string(proof_suffix);
}

std::optional<std::uint64_t> seq_of_leaf_name(std::string_view name) {
  return seq_of_name(name, leaf_suffix);
}

bool is_package_file(std::string_view name) {
  for (const std::string_view single : single_files) {
    if (name == single) return true;
  }
  return seq_of_name(name, leaf_suffix) || seq_of_name(name, proof_suffix);
}

bool is_day_package_file(std::string_view name) {
  for (const std::string_view single :
       {package_checkpoint, package_keys, package_consistency, std::string_view("verify.sh"),
        std::string_view("verify-day.sh"), std::string_view("DOC-TRUOC.txt")}) {
    if (name == single) return true;
  }
  const std::string prefix = std::string(package_days_folder) + "/";
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  for (const std::string_view suffix : {".sha256", ".cosigned", ".tst"}) {
    if (!name.ends_with(suffix)) continue;
    name.remove_suffix(suffix.size());
    break;
  }
  return name.find('/') == std::string_view::npos && day_of_path(name).has_value();
}

bool is_beside_sums(std::string_view name) {
  return name == package_sums || name == package_manifest || name == package_certificates;
}

std::string readable(std::string_view raw) {
  std::string out;
  for (const char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f && c != '\\') {
      out += c;
    } else {
      out += "\\x" + to_hex(as_bytes(std::string_view(&c, 1)));
    }
  }
  return out;
}

std::string record_line(const Record& record) {
  return std::to_string(record.seq) + "\t" + to_rfc3339(record.received) + "\t" + readable(record.source) + "\t" +
         readable(record.raw) + "\n";
}

}  // namespace luy::evidence
