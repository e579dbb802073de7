#include "signer/wire.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.h"
#include "evidence/certificate.h"
#include "evidence/error.h"

namespace luy::signer {
namespace {

constexpr std::array<const ErrorKind*, 14> kinds = {&rolled_back,
                                                    &forked,
                                                    &other_origin,
                                                    &other_size,
                                                    &day_over,
                                                    &day_ahead,
                                                    &state_damaged,
                                                    &in_use,
                                                    &disk_full,
                                                    &file_failed,
                                                    &file_denied,
                                                    &disk_read_only,
                                                    &evidence::note_malformed,
                                                    &evidence::key_invalid};

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<Hash> hash_of(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() != sizeof(Hash)) return std::nullopt;
  Hash out{};
  std::copy_n(as_bytes(*bytes).data(), out.size(), out.data());
  return out;
}

std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::optional<Request> decode_sign_request(std::string_view text) {
  SignRequest out;
  const auto day = day_from_iso(take_line(text));
  const auto old_size = number_of(take_line(text));
  if (!day || !old_size) return std::nullopt;
  out.day = *day;
  out.old_size = *old_size;
  for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
    const auto hash = hash_of(line);
    if (!hash || out.path.size() == path_max) return std::nullopt;
    out.path.push_back(*hash);
  }
  auto body = evidence::parse_body(text);
  if (!body || evidence::format_body(*body) != text) return std::nullopt;
  out.tree = *std::move(body);
  return Request(std::move(out));
}

// Takes `count` certificates of five lines each off the front. nullopt when there are fewer.
std::optional<std::vector<std::string>> take_certificates(std::string_view& text, std::uint64_t count) {
  std::size_t end = 0;
  for (std::uint64_t lines = std::min<std::uint64_t>(count, message_bytes_max) * 5; lines > 0; --lines) {
    const std::size_t at = text.find('\n', end);
    if (at == std::string_view::npos) return std::nullopt;
    end = at + 1;
  }
  auto out = evidence::split_certificates(text.substr(0, end));
  if (!out) return std::nullopt;
  text.remove_prefix(end);
  return *std::move(out);
}

std::optional<Request> decode_cosign_request(std::string_view text) {
  CosignRequest out;
  out.vkey = take_line(text);
  const auto count = number_of(take_line(text));
  if (!count) return std::nullopt;
  auto certificates = take_certificates(text, *count);
  if (!certificates) return std::nullopt;
  out.certificates = *std::move(certificates);
  auto submission = evidence::parse_submission(text);
  if (!submission) return std::nullopt;
  out.submission = *std::move(submission);
  return Request(std::move(out));
}

std::string encode_cosigned(const Cosigned& cosigned) {
  // The line has its LF; where there is none, a line is empty.
  return "cosigned\n" + cosigned.vkey + "\n" + std::string(name_of(cosigned.outcome)) + "\n" +
         std::to_string(cosigned.size) + "\n" + (cosigned.line.empty() ? "\n" : cosigned.line) + cosigned.newest;
}

std::optional<Result<Answer>> decode_cosigned(std::string_view text) {
  Cosigned out;
  out.vkey = take_line(text);
  const auto outcome = outcome_from_name(take_line(text));
  const auto size = number_of(take_line(text));
  if (!outcome || !size) return std::nullopt;
  out.outcome = *outcome;
  out.size = *size;
  out.line = take_line(text);
  if (!out.line.empty()) out.line += "\n";
  out.newest = text;
  Answer answer;
  answer.cosigned = std::move(out);
  return Result<Answer>(std::move(answer));
}

}  // namespace

std::string encode_request(const Request& request) {
  if (std::holds_alternative<StandingWanted>(request)) return "standing\n";
  if (const auto* statement = std::get_if<Statement>(&request)) return "statement\n" + statement->body;
  if (std::holds_alternative<WitnessWanted>(request)) return "witness\n";
  if (const auto* cosign = std::get_if<CosignRequest>(&request)) {
    return "cosign\n" + cosign->vkey + "\n" + std::to_string(cosign->certificates.size()) + "\n" +
           evidence::join_certificates(cosign->certificates) + evidence::format_submission(cosign->submission);
  }
  const SignRequest& sign = std::get<SignRequest>(request);
  std::string out = "checkpoint\n" + to_iso(sign.day) + "\n" + std::to_string(sign.old_size) + "\n";
  for (const Hash& hash : sign.path) out += to_base64(as_text(hash)) + "\n";
  return out + "\n" + evidence::format_body(sign.tree);
}

std::optional<Request> decode_request(std::string_view text) {
  const std::string_view word = take_line(text);
  if (word == "standing" && text.empty()) return Request(StandingWanted{});
  if (word == "witness" && text.empty()) return Request(WitnessWanted{});
  if (word == "cosign") return decode_cosign_request(text);
  if (word == "statement") return Request(Statement{std::string(text)});
  if (word == "checkpoint") return decode_sign_request(text);
  return std::nullopt;
}

std::string encode_answer(const Result<Answer>& answer) {
  if (!answer) {
    const Error& error = answer.error();
    const bool known = std::ranges::any_of(kinds, [&](const ErrorKind* kind) { return error.is(*kind); });
    // What has no name here is trouble with files.
    return "error\n" + std::string(known ? error.name() : file_failed.name) + "\n" + one_line(error.detail()) + "\n";
  }
  if (answer->cosigned) return encode_cosigned(*answer->cosigned);
  const Standing& s = answer->standing;
  const evidence::SignedNote& n = answer->signed_;
  return "answer\n" + s.origin + "\n" + s.vkey + "\n" + std::to_string(s.size) + "\n" + to_base64(as_text(s.root)) +
         "\n" + n.vkey + "\n" + std::to_string(n.certificates.size()) + "\n" +
         evidence::join_certificates(n.certificates) + n.note;
}

std::optional<Result<Answer>> decode_answer(std::string_view text) {
  const std::string_view word = take_line(text);
  if (word == "error") {
    const std::string_view name = take_line(text);
    const auto kind = std::ranges::find_if(kinds, [&](const ErrorKind* one) { return one->name == name; });
    if (kind == kinds.end()) return std::nullopt;
    return Result<Answer>(Error(**kind, std::string(take_line(text))));
  }
  if (word == "cosigned") return decode_cosigned(text);
  if (word != "answer") return std::nullopt;
  Answer out;
  out.standing.origin = take_line(text);
  out.standing.vkey = take_line(text);
  const auto size = number_of(take_line(text));
  const auto root = hash_of(take_line(text));
  out.signed_.vkey = take_line(text);
  const auto count = number_of(take_line(text));
  if (!size || !root || !count) return std::nullopt;
  out.standing.size = *size;
  out.standing.root = *root;
  auto certificates = take_certificates(text, *count);
  if (!certificates) return std::nullopt;
  out.signed_.certificates = *std::move(certificates);
  out.signed_.note = text;
  return Result<Answer>(std::move(out));
}

}  // namespace luy::signer
