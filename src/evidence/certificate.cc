#include "evidence/certificate.h"

#include <algorithm>

#include "evidence/error.h"

namespace luy::evidence {
namespace {

constexpr std::string_view day_suffix = "/key";
constexpr std::string_view successor_suffix = "/successor";
constexpr int certificate_lines = 5;  // Three of text, an empty one, the signature.

bool same(const VerifierKey& a, const VerifierKey& b) {
  return a.name == b.name && a.public_key == b.public_key;
}

// The first `count` lines with their ends; empty when there are not as many.
std::string_view lines_of(std::string_view text, int count) {
  std::size_t end = 0;
  for (; count > 0; --count) {
    const std::size_t at = text.find('\n', end);
    if (at == std::string_view::npos) return {};
    end = at + 1;
  }
  return text.substr(0, end);
}

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

}  // namespace

std::string format_certificate_body(const Certificate& certificate) {
  const std::string_view suffix = certificate.kind == Certificate::Kind::day ? day_suffix : successor_suffix;
  return certificate.key.name + std::string(suffix) + "\n" + to_iso(certificate.day) + "\n" + certificate.key.vkey() +
         "\n";
}

Result<Certificate> parse_certificate(std::string_view note) {
  std::string_view rest = lines_of(note, 3);
  const std::string_view first = take_line(rest);
  const auto day = day_from_iso(take_line(rest));
  if (!day) return Error(note_malformed, "certificate");
  LUY_TRY(VerifierKey key, VerifierKey::parse(take_line(rest)));
  Certificate out{Certificate::Kind::day, *day, std::move(key)};
  if (first == out.key.name + std::string(successor_suffix)) {
    out.kind = Certificate::Kind::successor;
  } else if (first != out.key.name + std::string(day_suffix)) {
    return Error(note_malformed, "certificate of another name");
  }
  return out;
}

std::string join_certificates(const std::vector<std::string>& certificates) {
  std::string out;
  for (const std::string& one : certificates) out += one;
  return out;
}

Result<std::vector<std::string>> split_certificates(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::string_view one = lines_of(text, certificate_lines);
    if (one.empty()) return Error(note_malformed, "certificates");
    out.emplace_back(one);
    text.remove_prefix(one.size());
  }
  return out;
}

KeyRing::KeyRing(std::vector<VerifierKey> roots) : roots_(std::move(roots)) {
  for (const VerifierKey& root : roots_) {
    certifiers_.push_back({root, root, std::nullopt});
    signers_.push_back({root, root, std::nullopt});
    keys_.push_back(root);
  }
}

std::size_t KeyRing::add(const std::vector<std::string>& certificates) {
  struct Given {
    Certificate certificate;
    std::string_view note;
  };
  std::vector<Given> given;
  std::size_t refused = 0;
  for (const std::string& note : certificates) {
    auto parsed = parse_certificate(note);
    if (parsed) {
      given.push_back({*std::move(parsed), note});
    } else {
      ++refused;
    }
  }
  // A successor before what it certifies; an earlier successor before a later one.
  std::ranges::stable_sort(given, [](const Given& a, const Given& b) {
    const bool first = a.certificate.kind == Certificate::Kind::successor;
    const bool second = b.certificate.kind == Certificate::Kind::successor;
    return first != second ? first : a.certificate.day < b.certificate.day;
  });
  for (const Given& one : given) refused += accept(one.certificate, one.note) ? 0U : 1U;
  return refused;
}

bool KeyRing::accept(const Certificate& certificate, std::string_view note) {
  std::vector<VerifierKey> allowed;
  for (const Certifier& one : certifiers_) {
    if (one.key.name == certificate.key.name && (!one.from || *one.from <= certificate.day)) allowed.push_back(one.key);
  }
  const auto by = verify_note(note, allowed);
  if (!by) return false;
  const auto certifier = std::ranges::find_if(certifiers_, [&](const Certifier& one) { return same(one.key, *by); });
  if (certificate.kind == Certificate::Kind::successor) {
    const bool known =
        std::ranges::any_of(certifiers_, [&](const auto& one) { return same(one.key, certificate.key); });
    if (!known) certifiers_.push_back({certificate.key, VerifierKey(certifier->root), certificate.day});
    return true;
  }
  const bool known = std::ranges::any_of(keys_, [&](const auto& one) { return same(one, certificate.key); });
  if (!known) {
    signers_.push_back({certificate.key, certifier->root, certificate.day});
    keys_.push_back(certificate.key);
  }
  return true;
}

Result<KeyRing::Signer> KeyRing::verify(std::string_view note) const {
  LUY_TRY(const VerifierKey by, verify_note(note, keys_));
  const auto found = std::ranges::find_if(signers_, [&](const Signer& one) { return same(one.key, by); });
  return *found;
}

}  // namespace luy::evidence
