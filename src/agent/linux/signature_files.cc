#include "agent/linux/signature_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "agent/linux/clamav_files.h"
#include "agent/linux/text.h"
#include "base/file.h"

namespace luy::agent {
namespace {

constexpr std::string_view wanted_heading = "luy-signatures 1";
constexpr std::string_view state_heading = "luy-signatures-state 1";
constexpr std::size_t head_bytes = 512;

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

bool is_signature_file(std::string_view name) {
  const bool plain = name.find('/') == std::string_view::npos && name.size() <= device_policy::signature_name_bytes_max;
  return plain && (!official_base(name).empty() || name.starts_with(own_prefix));
}

std::string wanted_text(const std::vector<device_policy::SignatureFile>& files) {
  std::string out = std::string(wanted_heading) + '\n';
  for (const auto& one : files) out += one.name + ' ' + one.sha256 + ' ' + std::to_string(one.bytes) + '\n';
  return out;
}

std::optional<std::vector<device_policy::SignatureFile>> read_wanted(std::string_view text) {
  const auto all = lines(text);
  if (all.empty() || all[0] != wanted_heading) return std::nullopt;
  std::vector<device_policy::SignatureFile> out;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto fields = words(all[i]);
    const auto bytes = fields.size() == 3 ? number(fields[2]) : std::nullopt;
    if (!bytes || *bytes < 1 || !is_signature_file(fields[0]) || !is_digest(fields[1])) return std::nullopt;
    out.push_back({std::string(fields[0]), std::string(fields[1]), *bytes});
  }
  return out;
}

std::string to_text(const SignatureState& state) {
  std::string why = state.why;
  std::replace(why.begin(), why.end(), '\n', ' ');
  std::string out = std::string(state_heading) + "\nof " + state.of + "\nat " + to_rfc3339(state.at) + "\nresult " +
                    state.result + "\nwhy " + why + '\n';
  for (const InstalledSignature& one : state.files) {
    out += "file " + one.name + ' ' + one.sha256 + ' ' + std::to_string(one.version) + ' ' +
           (one.built_at ? to_rfc3339(*one.built_at) : "-") + ' ' + one.outcome + '\n';
  }
  return out;
}

std::optional<SignatureState> read_signature_state(std::string_view text) {
  const auto all = lines(text);
  if (all.empty() || all[0] != state_heading) return std::nullopt;
  SignatureState out;
  for (const std::string_view line : all) {
    if (const auto of = after(line, "of ")) out.of = *of;
    if (const auto at = after(line, "at ")) out.at = from_rfc3339(*at).value_or(Time());
    if (const auto result = after(line, "result ")) out.result = *result;
    if (const auto why = after(line, "why ")) out.why = *why;
    const auto file = after(line, "file ");
    const auto fields = file ? words(*file) : std::vector<std::string_view>();
    const auto version = fields.size() == 5 ? number(fields[2]) : std::nullopt;
    if (!version) continue;
    out.files.push_back(
        {std::string(fields[0]), std::string(fields[1]), *version, from_rfc3339(fields[3]), std::string(fields[4])});
  }
  return out.result.empty() ? std::nullopt : std::optional(std::move(out));
}

std::string_view official_base(std::string_view name) {
  if (!name.ends_with(".cvd") && !name.ends_with(".cld")) return {};
  const std::string_view base = name.substr(0, name.size() - 4);
  return base == "main" || base == "daily" || base == "bytecode" ? base : std::string_view();
}

std::optional<DatabaseHead> database_head(std::string_view first_bytes) {
  const auto built = database_built_at(first_bytes);
  const auto fields = split(first_bytes.substr(0, head_bytes), ':');
  const auto version = built && fields.size() > 2 ? number(fields[2]) : std::nullopt;
  if (!version || *version < 1) return std::nullopt;
  return DatabaseHead{*version, *built};
}

std::optional<DatabaseHead> head_of_file(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  std::array<char, head_bytes> head{};
  const ssize_t n = fd ? ::read(fd.get(), head.data(), head.size()) : 0;
  return n > 0 ? database_head({head.data(), static_cast<std::size_t>(n)}) : std::nullopt;
}

}  // namespace luy::agent
