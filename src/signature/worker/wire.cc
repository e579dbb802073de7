#include "signature/worker/wire.h"

#include <array>
#include <bit>

#include "base/encoding.h"

namespace luy::signature {
namespace {

constexpr std::array<const ErrorKind*, 4> kinds = {&bad_pdf, &pdf_encrypted, &pdf_too_large, &bad_place};
// The first byte of a request.
constexpr std::uint8_t verification = 1;
constexpr std::uint8_t preparation = 2;
constexpr std::size_t list_max = 1000;

void put_text(std::string& out, std::string_view text) {
  put_u32(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}
void put_time(std::string& out, Time time) {
  put_u64(out, static_cast<std::uint64_t>(to_micros(time)));
}
void put_bool(std::string& out, bool value) {
  out += value ? '\x01' : '\0';
}

std::string get_text(ByteReader& in) {
  return std::string(in.bytes(in.u32()));
}
Time get_time(ByteReader& in) {
  return from_micros(static_cast<std::int64_t>(in.u64()));
}

void put_texts(std::string& out, const std::vector<std::string>& list) {
  put_u32(out, static_cast<std::uint32_t>(list.size()));
  for (const std::string& one : list) put_text(out, one);
}
std::optional<std::vector<std::string>> get_texts(ByteReader& in) {
  const std::uint32_t count = in.u32();
  if (!in.ok() || count > list_max) return std::nullopt;
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) out.push_back(get_text(in));
  return out;
}

std::vector<std::string> ders(const std::vector<Certificate>& list) {
  std::vector<std::string> out;
  for (const Certificate& one : list) out.push_back(one.der);
  return out;
}
std::optional<std::vector<Certificate>> get_certificates(ByteReader& in) {
  const auto list = get_texts(in);
  if (!list) return std::nullopt;
  std::vector<Certificate> out;
  for (const std::string& der : *list) {
    auto one = parse_certificate(der);
    if (!one) return std::nullopt;
    out.push_back(std::move(*one));
  }
  return out;
}

void put_report(std::string& out, const SignatureReport& report) {
  put_text(out, report.field);
  out += static_cast<char>(report.state);
  put_text(out, report.detail);
  put_bool(out, report.is_timestamp);
  put_bool(out, report.whole_file);
  put_u64(out, report.covers_bytes);
  put_time(out, report.time);
  put_bool(out, report.time_proved);
  put_bool(out, report.revocation_checked);
  put_text(out, report.signer ? report.signer->der : std::string());
  put_texts(out, report.chain);
}

std::optional<SignatureReport> get_report(ByteReader& in) {
  SignatureReport out;
  out.field = get_text(in);
  const std::uint8_t state = in.u8();
  if (state >= states) return std::nullopt;
  out.state = static_cast<State>(state);
  out.detail = get_text(in);
  out.is_timestamp = in.u8() == 1;
  out.whole_file = in.u8() == 1;
  out.covers_bytes = in.u64();
  out.time = get_time(in);
  out.time_proved = in.u8() == 1;
  out.revocation_checked = in.u8() == 1;
  if (const std::string der = get_text(in); !der.empty()) {
    auto signer = parse_certificate(der);
    if (!signer) return std::nullopt;
    out.signer = std::move(*signer);
  }
  auto chain = get_texts(in);
  if (!chain || !in.ok()) return std::nullopt;
  out.chain = std::move(*chain);
  return out;
}

std::string encode_error(const Error& error) {
  std::size_t kind = 0;
  for (std::size_t i = 0; i < kinds.size(); ++i) kind = error.is(*kinds[i]) ? i : kind;
  std::string out(1, static_cast<char>(1 + kind));
  put_text(out, error.detail());
  return out;
}
// `kind` is from 1.
std::optional<Error> decode_error(ByteReader& in, std::uint8_t kind) {
  const std::string detail = get_text(in);
  if (!in.done()) return std::nullopt;
  return Error(*kinds[kind - 1U], detail);
}

void put_millimetres(std::string& out, double value) {
  put_u64(out, std::bit_cast<std::uint64_t>(value));
}
double get_millimetres(ByteReader& in) {
  return std::bit_cast<double>(in.u64());
}

}  // namespace

std::string encode_request(std::string_view pdf, const VerifyOptions& options) {
  std::string out;
  out.reserve(pdf.size() + (64 << 10));
  out += static_cast<char>(verification);
  put_time(out, options.now);
  put_texts(out, ders(options.anchors));
  put_texts(out, ders(options.issuers));
  put_texts(out, options.crls);
  put_texts(out, options.ocsp_answers);
  put_bool(out, options.require_revocation);
  put_bool(out, options.existed_at.has_value());
  put_time(out, options.existed_at.value_or(Time{}));
  put_bool(out, options.original.has_value());
  const Original original = options.original.value_or(Original{});
  put_u64(out, original.bytes);
  out += as_text(original.hash);
  put_text(out, pdf);
  return out;
}

std::optional<Request> decode_request(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.u8() != verification) return std::nullopt;
  Request out;
  out.options.now = get_time(in);
  auto anchors = get_certificates(in);
  auto issuers = get_certificates(in);
  auto crls = get_texts(in);
  auto answers = get_texts(in);
  if (!anchors || !issuers || !crls || !answers) return std::nullopt;
  out.options.anchors = std::move(*anchors);
  out.options.issuers = std::move(*issuers);
  out.options.crls = std::move(*crls);
  out.options.ocsp_answers = std::move(*answers);
  out.options.require_revocation = in.u8() == 1;
  const bool existed = in.u8() == 1;
  const Time existed_at = get_time(in);
  if (existed) out.options.existed_at = existed_at;
  const bool has_original = in.u8() == 1;
  Original original;
  original.bytes = in.u64();
  const std::string_view hash = in.bytes(original.hash.size());
  if (!in.ok()) return std::nullopt;
  std::copy(hash.begin(), hash.end(), original.hash.begin());
  if (has_original) out.options.original = original;
  out.pdf = in.bytes(in.u32());
  if (!in.done()) return std::nullopt;
  return out;
}

std::string encode_answer(const Result<Verification>& answer) {
  if (!answer) return encode_error(answer.error());
  std::string out;
  out += '\0';
  put_text(out, answer->original_fault);
  put_u32(out, static_cast<std::uint32_t>(answer->signatures.size()));
  for (const SignatureReport& one : answer->signatures) put_report(out, one);
  return out;
}

std::optional<Result<Verification>> decode_answer(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t kind = in.u8();
  if (!in.ok() || kind > kinds.size()) return std::nullopt;
  if (kind > 0) {
    auto error = decode_error(in, kind);
    return error ? std::optional(Result<Verification>(*std::move(error))) : std::nullopt;
  }
  Verification out;
  out.original_fault = get_text(in);
  const std::uint32_t count = in.u32();
  if (!in.ok() || count > signatures_max) return std::nullopt;
  for (std::uint32_t i = 0; i < count; ++i) {
    auto report = get_report(in);
    if (!report) return std::nullopt;
    out.signatures.push_back(std::move(*report));
  }
  if (!in.done()) return std::nullopt;
  return Result<Verification>(std::move(out));
}

std::string encode_preparation(std::string_view pdf, const SignRequest& request) {
  std::string out;
  out.reserve(pdf.size() + request.appearance.size() + (4 << 10));
  out += static_cast<char>(preparation);
  put_time(out, request.time);
  put_text(out, request.name);
  put_text(out, request.reason);
  put_bool(out, request.place.has_value());
  const VisiblePlace place = request.place.value_or(VisiblePlace{});
  put_u32(out, place.page);
  for (const double value : {place.x_mm, place.y_mm, place.width_mm, place.height_mm}) put_millimetres(out, value);
  put_text(out, request.appearance);
  put_text(out, pdf);
  return out;
}

std::optional<Preparation> decode_preparation(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.u8() != preparation) return std::nullopt;
  Preparation out;
  out.request.time = get_time(in);
  out.request.name = get_text(in);
  out.request.reason = get_text(in);
  const bool seen = in.u8() == 1;
  VisiblePlace place;
  place.page = in.u32();
  for (double* value : {&place.x_mm, &place.y_mm, &place.width_mm, &place.height_mm}) *value = get_millimetres(in);
  if (seen) out.request.place = place;
  out.request.appearance = get_text(in);
  out.pdf = in.bytes(in.u32());
  if (!in.done()) return std::nullopt;
  return out;
}

std::string encode_prepared(const Result<Prepared>& answer) {
  if (!answer) return encode_error(answer.error());
  std::string out(1, '\0');
  put_u64(out, answer->room_begin);
  put_u64(out, answer->room_end);
  put_text(out, answer->bytes);
  return out;
}

std::optional<Result<Prepared>> decode_prepared(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t kind = in.u8();
  if (!in.ok() || kind > kinds.size()) return std::nullopt;
  if (kind > 0) {
    auto error = decode_error(in, kind);
    return error ? std::optional(Result<Prepared>(*std::move(error))) : std::nullopt;
  }
  Prepared out;
  out.room_begin = in.u64();
  out.room_end = in.u64();
  out.bytes = get_text(in);
  const bool fits = out.room_begin < out.room_end && out.room_end <= out.bytes.size();
  if (!in.done() || !fits) return std::nullopt;
  return Result<Prepared>(std::move(out));
}

}  // namespace luy::signature
