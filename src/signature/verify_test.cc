// Goal: what was signed properly is valid, and nothing else is: no byte changed, nothing laid over or behind it, no
// forged structure, no certificate that was not right at the time.
// Method: sign papers, then attack the bytes as the published attacks do; change bytes at sampled offsets.
#include "signature/verify.h"

#include <gtest/gtest.h>

#include "signature/appearance.h"
#include "signature/fixture.h"

namespace luy::signature {
namespace {

VerifyOptions options() {
  VerifyOptions out;
  out.now = signing_time() + days(1);
  out.anchors = read_certificates(read_bytes(pki() / "anchors.pem")).value();
  return out;
}

const std::string& once_signed() {
  static const std::string pdf = signed_by("person", minutes().bytes);
  return pdf;
}

std::string state_of(const std::string& pdf, const VerifyOptions& with, std::size_t index = 0) {
  const auto found = verify_pdf(pdf, with);
  if (!found) return std::string(found.error().name());
  if (found->signatures.size() <= index) return "unsigned";
  const SignatureReport& one = found->signatures[index];
  return std::string(name_of(one.state));
}

std::string detail_of(const std::string& pdf, std::size_t index = 0) {
  const auto found = verify_pdf(pdf, options());
  if (!found || found->signatures.size() <= index) return "none";
  return found->signatures[index].detail;
}

// An update that puts `objects` (numbers and bodies) behind `pdf`, well formed.
std::string updated(const std::string& pdf, const std::vector<std::pair<int, std::string>>& objects,
                    const std::string& trailer_more = "") {
  std::string out = pdf;
  std::string table = "xref\n";
  int top = 0;
  for (const auto& [number, body] : objects) {
    char entry[64];
    std::snprintf(entry, sizeof entry, "%d 1\n%010zu 00000 n \n", number, out.size());
    table += entry;
    out += std::to_string(number) + " 0 obj\n" + body + "\nendobj\n";
    top = std::max(top, number);
  }
  const std::size_t previous = pdf.rfind("startxref") + 10;
  const std::size_t root = pdf.rfind("/Root ") + 6;
  const std::string info =
      pdf.find("/Info ", root) != std::string::npos ? " /Info " + pdf.substr(pdf.find("/Info ", root) + 6, 6) : "";
  const std::size_t at = out.size();
  out += table + "trailer\n<< /Size " + std::to_string(std::max(top + 1, 500)) + " /Root " +
         pdf.substr(root, pdf.find(" R", root) + 2 - root) + info.substr(0, info.find('R') + 1) + " /Prev " +
         std::to_string(std::stoul(pdf.substr(previous))) + trailer_more + " >>\nstartxref\n" + std::to_string(at) +
         "\n%%EOF\n";
  return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

// The number and text of the object that holds `word` last.
std::pair<int, std::string> object_with(const std::string& pdf, const std::string& word) {
  const std::size_t at = pdf.rfind(word);
  const std::size_t head = pdf.rfind(" 0 obj", at);
  const std::size_t begin = pdf.rfind('\n', head) + 1;
  const std::size_t body = pdf.find("obj", head) + 3;
  return {std::stoi(pdf.substr(begin)), pdf.substr(body, pdf.find("endobj", body) - body)};
}

TEST(Verify, WhatWasSignedIsValid) {
  const auto found = verify_pdf(once_signed(), options()).value();
  ASSERT_EQ(found.signatures.size(), 1U);
  const SignatureReport& one = found.signatures[0];
  EXPECT_EQ(name_of(one.state), "valid") << one.detail;
  EXPECT_TRUE(one.whole_file);
  EXPECT_TRUE(found.all_valid());
  EXPECT_EQ(one.signer->common_name, "Nguyễn Văn Ước");
  EXPECT_EQ(one.chain.size(), 3U);
  EXPECT_FALSE(one.time_proved);
  EXPECT_EQ(one.time, signing_time());
  EXPECT_EQ(one.vi(),
            "Chữ ký số hợp lệ. Người ký: Nguyễn Văn Ước; thời gian theo người ký: 22/11/2026 08:05:09 +07:00.");
}

TEST(Verify, FurtherSignaturesDoNotHarmEarlierOnes) {
  std::string pdf = once_signed();
  SignRequest request;
  request.time = signing_time();
  const VisiblePlace space = *signature_space(minutes(), 1);
  for (const Appearance& look : {person_appearance(renderer(), space, blue_signature()).value(),
                                 seal_appearance(renderer(), space, blue_signature(), red_seal()).value()}) {
    request.place = look.place;
    request.appearance = look.pdf;
    pdf = sign_pdf(pdf, request, *signer("agency")).value();
  }
  const auto found = verify_pdf(pdf, options()).value();
  ASSERT_EQ(found.signatures.size(), 3U);
  for (const SignatureReport& one : found.signatures) EXPECT_EQ(name_of(one.state), "valid") << one.field << one.detail;
  EXPECT_FALSE(found.signatures[0].whole_file);
  EXPECT_TRUE(found.signatures[2].whole_file);
}

TEST(Verify, FilesOfLibreOffice) {
  if (!has_tool("soffice")) GTEST_SKIP() << "LibreOffice is not installed";
  const auto text = scratch("paper.txt");
  write_bytes(text, "Biên bản\n");
  const auto folder = scratch("office");
  output_of("soffice -env:UserInstallation=file://" + folder.string() +
            "-profile --headless --convert-to pdf --outdir " + folder.string() + " " + text.string());
  const std::string pdf =
      signed_by("agency", signed_by("person", read_bytes(folder / (text.stem().string() + ".pdf"))));
  EXPECT_EQ(state_of(pdf, options(), 0), "valid") << detail_of(pdf, 0);
  EXPECT_EQ(state_of(pdf, options(), 1), "valid") << detail_of(pdf, 1);
}

TEST(Verify, EveryChangedByteIsDetected) {
  const std::string good = signed_by("agency", once_signed());
  const auto second = verify_pdf(good, options()).value().signatures[1];
  ASSERT_EQ(name_of(second.state), "valid");
  const std::size_t room1 = good.find("/Contents <3") + 10;
  const std::size_t room2 = good.rfind("/Contents <3") + 10;
  constexpr std::size_t samples = 150;
  for (std::size_t i = 0; i < samples; ++i) {
    const std::size_t at = good.size() * i / samples + i % 7;
    const bool in_room =
        (at >= room1 && at < room1 + cms_bytes_max * 2 + 2) || (at >= room2 && at < room2 + cms_bytes_max * 2 + 2);
    if (in_room || at >= good.size()) continue;
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    const auto found = verify_pdf(bad, options());
    EXPECT_FALSE(found.has_value() && found->all_valid() && found->signatures.size() == 2) << at;
  }
}

TEST(Verify, EveryCutIsDetected) {
  const std::string good = signed_by("agency", once_signed());
  for (std::size_t cut = 0; cut + 2 < good.size(); cut += good.size() / 60) {
    const auto found = verify_pdf(good.substr(0, cut), options());
    EXPECT_FALSE(found.has_value() && found->all_valid()) << cut;
  }
}

TEST(Verify, IncrementalSavingIsReported) {
  const std::string& pdf = once_signed();
  const auto [page, page_body] = object_with(pdf, "/MediaBox");
  const auto [field, field_body] = object_with(pdf, "/FT /Sig");
  const std::string note = "<< /Type /Annot /Subtype /FreeText /Rect [ 0 0 99 99 ] /Contents (x) >>";
  const struct {
    const char* name;
    std::string pdf;
  } table[] = {
      {"text behind the end", pdf + "hello"},
      {"an object without a table", pdf + "400 0 obj\n<< >>\nendobj\n"},
      {"an object and a new end", pdf + "400 0 obj\n<< >>\nendobj\n" + pdf.substr(pdf.rfind("startxref"))},
      {"a page with an annotation",
       updated(pdf, {{400, note}, {page, replaced(page_body, "/Annots [", "/Annots [ 400 0 R")}})},
      {"a page without content", updated(pdf, {{page, replaced(page_body, "/Contents", "/Nothing")}})},
      {"the signature's field moved",
       updated(pdf, {{field, replaced(field_body, "/Rect [ 0 0 0 0 ]", "/Rect [ 0 0 9 9 ]")}})},
      {"the signature's field emptied", updated(pdf, {{field, replaced(field_body, "/V ", "/W ")}})},
      {"an unused object", updated(pdf, {{400, note}})},
  };
  for (const auto& [name, forged] : table) {
    const auto found = verify_pdf(forged, options());
    const bool harmless = std::string(name) == "an unused object";
    const bool valid = found.has_value() && found->all_valid();
    EXPECT_EQ(valid, harmless) << name << ": " << detail_of(forged);
  }
}

TEST(Verify, ForgedStructuresAreBroken) {
  const std::string& pdf = once_signed();
  const std::size_t at = pdf.rfind("/ByteRange [") + 11;
  const std::string range = pdf.substr(at, pdf.find(']', at) + 1 - at);
  const auto same_size = [&](std::string text) {
    text.resize(range.size(), ' ');
    return replaced(pdf, "/ByteRange " + range, "/ByteRange " + text);
  };
  const struct {
    const char* name;
    std::string pdf;
  } table[] = {
      {"no byte range", replaced(pdf, "/ByteRange", "/BiteRange")},
      {"an empty byte range", same_size("[ ]")},
      {"a byte range of nothing", same_size("[0 0 0 0]")},
      {"negative", same_size("[0 -1 0 10]")},
      {"null", same_size("null")},
      {"three numbers", same_size("[0 10 20]")},
      {"huge", same_size("[0 99999999999999999999 1 1]")},
      {"no contents", replaced(pdf, "/Contents <3", "/Kontents <3")},
      {"another subfilter", replaced(pdf, "/SubFilter /ETSI.CAdES.detached", "/SubFilter /adbe.x509.rsa_sha1 ")},
      {"a signature of zeros",
       [&] {
         std::string bad = pdf;
         const std::size_t room = bad.rfind("/Contents <") + 11;
         bad.replace(room, cms_bytes_max * 2, std::string(cms_bytes_max * 2, '0'));
         return bad;
       }()},
  };
  for (const auto& [name, forged] : table) EXPECT_EQ(state_of(forged, options()), "broken") << name;
}

TEST(Verify, AWrappedSignatureIsBroken) {
  // The signed parts are moved apart and new content stands in the gap, to which the byte range then points around.
  const std::string& pdf = once_signed();
  const std::size_t room = pdf.rfind("/Contents <") + 10;
  const std::size_t end = room + cms_bytes_max * 2 + 2;
  const std::string wrapped = pdf.substr(0, end) + " /More (" + std::string(100, 'x') + ")" + pdf.substr(end);
  EXPECT_NE(state_of(wrapped, options()), "valid");
}

TEST(Verify, CertificatesAreJudgedAtTheirTime) {
  VerifyOptions with = options();
  EXPECT_EQ(state_of(signed_by("stranger/person", minutes().bytes), with), "unknown_issuer");
  EXPECT_EQ(state_of(signed_by("late", minutes().bytes), with), "expired");
  EXPECT_EQ(state_of(signed_by("encryption", minutes().bytes), with), "wrong_usage");
  with.anchors.clear();
  EXPECT_EQ(state_of(once_signed(), with), "unknown_issuer");
  with = options();
  with.now = *from_rfc3339("2095-01-01T00:00:00Z");
  EXPECT_EQ(state_of(once_signed(), with), "expired_unproven");
  with.existed_at = signing_time() + days(3);
  EXPECT_EQ(state_of(once_signed(), with), "valid");
  with = options();
  with.now = *from_rfc3339("2025-01-01T00:00:00Z");
  EXPECT_EQ(state_of(once_signed(), with), "not_yet_valid");
}

TEST(Verify, RevocationCounts) {
  const std::string pdf = signed_by("revoked", minutes().bytes);
  VerifyOptions with = options();
  with.now = SystemClock().now();
  EXPECT_EQ(state_of(pdf, with), "valid");
  with.require_revocation = true;
  EXPECT_EQ(state_of(pdf, with), "revocation_unknown");
  with.crls = {read_bytes(pki() / "after.crl")};
  EXPECT_EQ(state_of(pdf, with), "revoked");
  with.crls = {read_bytes(pki() / "after.crl.der")};
  EXPECT_EQ(state_of(pdf, with), "revoked");
  with.crls.clear();
  with.ocsp_answers = {read_bytes(pki() / "revoked.ocsp")};
  EXPECT_EQ(state_of(pdf, with), "revoked");
  with.ocsp_answers = {"rubbish", read_bytes(pki() / "person.ocsp")};
  EXPECT_EQ(state_of(pdf, with), "revocation_unknown") << "an answer about somebody else";
  // Nobody speaks for the issuing authority itself here, which is as unknown.
  EXPECT_EQ(state_of(once_signed(), with), "revocation_unknown");
  with.anchors = read_certificates(read_bytes(pki() / "issuing.crt")).value();
  EXPECT_EQ(state_of(once_signed(), with), "valid") << detail_of(once_signed());
  // Answers as of the moment hold for minutes.
  with.ocsp_answers = {read_bytes(pki() / "person-now.ocsp")};
  EXPECT_EQ(state_of(once_signed(), with), "valid") << detail_of(once_signed());
  with.now += std::chrono::hours(1);
  EXPECT_EQ(state_of(once_signed(), with), "revocation_unknown");
}

TEST(Verify, ATimeStampProvesTheTime) {
  if (!has_tool("openssl")) GTEST_SKIP() << "openssl is not installed";
  SystemRandom random;
  const std::string pdf = sign_pdf(minutes().bytes, {signing_time()}, *signer("person"), {openssl_ts, &random}).value();
  VerifyOptions with = options();
  with.now = *from_rfc3339("2095-01-01T00:00:00Z");
  const auto found = verify_pdf(pdf, with).value();
  EXPECT_EQ(name_of(found.signatures.at(0).state), "valid") << found.signatures[0].detail;
  EXPECT_TRUE(found.signatures[0].time_proved);
}

TEST(Verify, TheOriginalPlusSignaturesAndNothingElse) {
  VerifyOptions with = options();
  with.original = Original{minutes().bytes.size(), sha256(minutes().bytes)};
  EXPECT_EQ(verify_pdf(once_signed(), with)->original_fault, "");
  const std::string other = signed_by("person", replaced(minutes().bytes, "%PDF-1.5", "%PDF-1.4"));
  EXPECT_NE(verify_pdf(other, with)->original_fault, "");
  with.original = Original{once_signed().size(), sha256(once_signed())};
  EXPECT_EQ(verify_pdf(signed_by("agency", once_signed()), with)->original_fault, "");
  const auto [page, body] = object_with(once_signed(), "/MediaBox");
  const std::string changed = updated(once_signed(), {{page, replaced(body, "/Contents", "/Nothing")}});
  EXPECT_NE(verify_pdf(signed_by("agency", changed), with)->original_fault, "") << "changed before it was signed";
}

}  // namespace
}  // namespace luy::signature
