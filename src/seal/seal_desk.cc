#include "seal/seal_desk.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "base/file.h"
#include "seal/time_stamp_call.h"
#include "signature/token_process.h"
#include "signature/worker.h"

namespace luy::seal {
namespace {

constexpr std::size_t issuers_bytes_max = 1 << 20;

Result<std::string> picture_of(const std::filesystem::path& file) {
  if (file.empty()) return std::string();
  return read_file(file, seal_picture_bytes_max);
}

Result<signature::TokenOptions> token_of(const Seal& seal) {
  signature::TokenOptions out{seal.module, seal.token, seal.key, {}, {}};
  LUY_TRY(out.pin, read_pin(seal));
  if (seal.issuers.empty()) return out;
  LUY_TRY(const std::string pem, read_file(seal.issuers, issuers_bytes_max));
  LUY_TRY(out.issuers, signature::read_certificates(pem));
  return out;
}

}  // namespace

Result<signature::VisiblePlace> SealDesk::space_of(const paper::Document& document) const {
  LUY_TRY(const paper::Pdf made, renderer_->render(document));
  // Whoever signs last and highest has the last space; the seal stands over that signature.
  std::optional<signature::VisiblePlace> out;
  for (std::size_t i = 0; const auto next = signature::signature_space(made, i); ++i) out = next;
  if (!out) return Error(no_space, document.subject);
  return *out;
}

Result<std::unique_ptr<signature::Signer>> SealDesk::open(const Seal& seal) {
  LUY_TRY(signature::TokenOptions token, token_of(seal));
  const Hash pin = sha256(token.pin);
  if (const auto refused = refused_.find(seal.id); refused != refused_.end() && refused->second == pin) {
    return Error(signature::token_pin);
  }
  auto signer = signature::open_token_apart(d_.token_worker, token);
  OPENSSL_cleanse(token.pin.data(), token.pin.size());
  if (!signer) {
    if (signer.error().is(signature::token_pin)) refused_[seal.id] = pin;
    return signer.error();
  }
  const std::string& certified = (*signer)->certificate().common_name;
  if (certified != seal.name) return Error(bad_file, seal.id + ".json: name: \"" + certified + "\"");
  return signer;
}

Result<SealDesk::Sealed> SealDesk::seal(const std::string& agency, std::string_view signed_pdf,
                                        const paper::Document& document) {
  LUY_TRY(const std::vector<Seal> all, seals());
  const auto found = std::find_if(all.begin(), all.end(), [&](const Seal& one) { return one.agency == agency; });
  if (found == all.end()) return Error(no_seal, agency);
  const std::unique_lock lock(sealing_, seal_wait_max);
  if (!lock.owns_lock()) return Error(desk_busy, found->name);
  if (!renderer_) {
    LUY_TRY(renderer_, paper::PdfRenderer::open(d_.fonts));
  }
  LUY_TRY(const signature::VisiblePlace space, space_of(document));
  LUY_TRY(std::string picture, picture_of(found->picture));
  LUY_TRY(const std::string person, picture_of(found->signature));
  LUY_TRY(signature::Appearance look,
          signature::seal_appearance(*renderer_, space, person, std::move(picture), found->width_mm));
  LUY_TRY(const std::unique_ptr<signature::Signer> signer, open(*found));
  signature::SignRequest request;
  request.time = d_.clock.now();
  request.name = found->name;
  request.place = look.place;
  request.appearance = std::move(look.pdf);
  LUY_TRY(signature::Prepared prepared, signature::prepare_in_worker(d_.worker, signed_pdf, request));
  signature::TimeStamping stamping;
  if (!found->time_stamp.empty()) stamping = {time_stamp_call(found->time_stamp), &d_.random};
  LUY_TRY(std::string sealed, signature::complete(std::move(prepared), *signer, stamping));
  return Sealed{std::move(sealed), request.name};
}

}  // namespace luy::seal
