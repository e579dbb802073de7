// Goal: what is signed is valid for an independent program, with every kind of key and file, one signature after the
// other, and looks as decree 30 says.
// Method: sign papers of our own and of LibreOffice; ask pdfsig (poppler with NSS) and pdftotext.
#include "signature/sign.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "signature/appearance.h"
#include "signature/fixture.h"

namespace luy::signature {
namespace {

// What pdfsig says of a file; tests skip without it or without a database of trust.
std::string pdfsig(const std::string& pdf) {
  const auto file = scratch("signed.pdf");
  write_bytes(file, pdf);
  return output_of("pdfsig -nssdir " + (pki() / "nss").string() + " " + file.string());
}

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

bool can_ask_pdfsig() {
  return has_tool("pdfsig") && std::filesystem::exists(pki() / "nss");
}

TEST(Sign, KeysOfEachKindGiveSignaturesPdfsigAccepts) {
  if (!can_ask_pdfsig()) GTEST_SKIP() << "poppler-utils or libnss3-tools is not installed";
  for (const std::string name : {"person", "agency"}) {
    const std::string said = pdfsig(signed_by(name, minutes().bytes));
    EXPECT_EQ(count(said, "Signature is Valid."), 1U) << name << "\n" << said;
    EXPECT_EQ(count(said, "Certificate is Trusted."), 1U) << name << "\n" << said;
    EXPECT_EQ(count(said, "ETSI.CAdES.detached"), 1U) << said;
    EXPECT_EQ(count(said, "Total document signed"), 1U) << said;
  }
}

TEST(Sign, SeveralSignersLeaveEarlierSignaturesValid) {
  if (!can_ask_pdfsig()) GTEST_SKIP() << "poppler-utils or libnss3-tools is not installed";
  std::string pdf = minutes().bytes;
  for (const std::string name : {"person", "agency", "revoked"}) {
    const std::string before = pdf;
    pdf = signed_by(name, pdf);
    EXPECT_EQ(pdf.substr(0, before.size()), before);
  }
  const std::string said = pdfsig(pdf);
  EXPECT_EQ(count(said, "Signature is Valid."), 3U) << said;
  EXPECT_EQ(count(said, "Certificate is Trusted."), 3U) << said;
}

TEST(Sign, FilesOfLibreOfficeAndThoseWithObjectStreams) {
  if (!has_tool("soffice")) GTEST_SKIP() << "LibreOffice is not installed";
  if (!can_ask_pdfsig()) GTEST_SKIP() << "poppler-utils or libnss3-tools is not installed";
  const auto text = scratch("paper.txt");
  write_bytes(text, "Biên bản kết thúc xử lý sự cố\n");
  for (const std::string filter :
       {"pdf", "pdf:writer_pdf_Export:{\"SelectPdfVersion\":{\"type\":\"long\",\"value\":\"2\"}}"}) {
    const auto folder = scratch("office");
    output_of("soffice -env:UserInstallation=file://" + folder.string() + "-profile --headless --convert-to '" +
              filter + "' --outdir " + folder.string() + " " + text.string());
    const std::string pdf = read_bytes(folder / (text.stem().string() + ".pdf"));
    ASSERT_FALSE(pdf.empty());
    const std::string said = pdfsig(signed_by("agency", signed_by("person", pdf)));
    EXPECT_EQ(count(said, "Signature is Valid."), 2U) << said;
  }
}

TEST(Sign, ATimeStampIsAsked) {
  if (!has_tool("openssl")) GTEST_SKIP() << "openssl is not installed";
  SystemRandom random;
  SignRequest request;
  request.time = signing_time();
  const std::string plain = sign_pdf(minutes().bytes, request, *signer("person")).value();
  const std::string stamped = sign_pdf(minutes().bytes, request, *signer("person"), {openssl_ts, &random}).value();
  EXPECT_EQ(plain.size(), stamped.size());
  // id-aa-timeStampToken, 1.2.840.113549.1.9.16.2.14, as DER.
  EXPECT_EQ(plain.find("060b2a864886f70d010910020e"), std::string::npos);
  EXPECT_NE(stamped.find("060b2a864886f70d010910020e"), std::string::npos);
}

TEST(Sign, AWrongTimeStampIsRefused) {
  if (!has_tool("openssl")) GTEST_SKIP() << "openssl is not installed";
  SystemRandom random;
  SignRequest request;
  std::string old_answer;
  const auto record = [&](std::string_view query) {
    auto answer = openssl_ts(query);
    old_answer = *answer;
    return answer;
  };
  ASSERT_TRUE(sign_pdf(minutes().bytes, request, *signer("person"), {record, &random}).has_value());
  const struct {
    const char* name;
    TimeStampCall call;
  } table[] = {
      {"replayed", [&](std::string_view) { return Result<std::string>(old_answer); }},
      {"empty", [](std::string_view) { return Result<std::string>(std::string()); }},
      {"not DER", [](std::string_view) { return Result<std::string>(std::string(500, 'x')); }},
      {"huge", [](std::string_view) { return Result<std::string>(std::string(1 << 20, '0')); }},
  };
  for (const auto& [name, call] : table) {
    const auto got = sign_pdf(minutes().bytes, request, *signer("person"), {call, &random});
    ASSERT_FALSE(got.has_value()) << name;
    EXPECT_TRUE(got.error().is(timestamp_failed)) << name;
  }
}

TEST(Sign, WhatCannotBeSignedIsNamed) {
  const auto key = signer("person");
  SignRequest request;
  EXPECT_TRUE(sign_pdf("not a PDF", request, *key).error().is(bad_pdf));
  EXPECT_TRUE(sign_pdf("", request, *key).error().is(bad_pdf));
  const std::string& good = minutes().bytes;
  constexpr std::size_t cuts = 50;
  for (std::size_t i = 0; i < cuts; ++i) {
    const std::size_t cut = (good.size() - 2) * i / cuts;
    EXPECT_FALSE(sign_pdf(good.substr(0, cut), request, *key).has_value()) << cut;
  }
  for (const VisiblePlace place : {VisiblePlace{0, 10, 10, 10, 10}, VisiblePlace{99, 10, 10, 10, 10},
                                   VisiblePlace{1, 200, 10, 20, 10}, VisiblePlace{1, 10, 10, 0, 10}}) {
    request.place = place;
    EXPECT_TRUE(sign_pdf(good, request, *key).error().is(bad_place)) << place.page << " " << place.x_mm;
  }
}

TEST(Sign, OnlyStrongKeysSign) {
  EXPECT_TRUE(open_key_file(pki() / "weak.pem", "").error().is(key_refused));
  EXPECT_TRUE(open_key_file(pki() / "person.p12", "sai").error().is(key_missing));
  EXPECT_TRUE(open_key_file(pki() / "person.crt", "").error().is(key_missing));
  EXPECT_EQ(open_key_file(pki() / "absent", "").error().error_class(), ErrorClass::not_found);
  EXPECT_EQ(open_key_file(pki() / "person.p12", "thử").value()->certificate().common_name, "Nguyễn Văn Ước");
}

// All of one paper as it is signed in an office: the person, then the agency, then the text on the annex.
std::string fully_signed() {
  const VisiblePlace chair = *signature_space(minutes(), 1);
  SignRequest request;
  request.time = signing_time();
  request.name = "Nguyễn Văn Ước";
  const auto with = [&](const Appearance& look, const std::string& pdf, const std::string& who) {
    request.place = look.place;
    request.appearance = look.pdf;
    return sign_pdf(pdf, request, *signer(who)).value();
  };
  std::string pdf = with(text_appearance(renderer(), *signature_space(minutes(), 0),
                                         {"", "Trần Thị Ánh", "Ủy ban nhân dân phường Thử", signing_time()})
                             .value(),
                         minutes().bytes, "person");
  pdf = with(person_appearance(renderer(), chair, blue_signature()).value(), pdf, "person");
  pdf = with(seal_appearance(renderer(), chair, blue_signature(), red_seal()).value(), pdf, "agency");
  return with(text_appearance(renderer(), *annex_corner(minutes(), 0), {"05/BB-UBND", "", "", signing_time()}).value(),
              pdf, "agency");
}

TEST(Appearance, TextIsRealText) {
  if (!has_tool("pdftotext")) GTEST_SKIP() << "poppler-utils is not installed";
  const auto file = scratch("fully.pdf");
  write_bytes(file, fully_signed());
  if (const char* keep = std::getenv("LUY_KEEP_SIGNED")) write_bytes(keep, fully_signed());
  const std::string text = output_of("pdftotext -layout " + file.string() + " -");
  for (const std::string line : {"Người ký: Trần Thị Ánh", "Cơ quan: Ủy ban nhân dân phường Thử",
                                 "Thời gian ký: 22/11/2026 08:05:09 +07:00", "Số: 05/BB-UBND"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
}

TEST(Appearance, TheSealCoversAThirdOfTheSignatureOnItsLeft) {
  const VisiblePlace space = *signature_space(minutes(), 1);
  const VisiblePlace person = person_appearance(renderer(), space, blue_signature()).value().place;
  const VisiblePlace seal = seal_appearance(renderer(), space, blue_signature(), red_seal()).value().place;
  EXPECT_NEAR(person.x_mm + person.width_mm / 2, space.x_mm + space.width_mm / 2, 0.01);
  EXPECT_NEAR(seal.x_mm + seal.width_mm, person.x_mm + person.width_mm / 3, 0.01);
  EXPECT_NEAR(seal.width_mm, seal_width_default_mm, 0.01) << "in its actual size";
  EXPECT_LT(seal.x_mm, person.x_mm);
}

TEST(Appearance, TheSealLeavesTheNameFree) {
  const paper::Placement* name = minutes().find(paper::Component::signer_name, 1);
  ASSERT_NE(name, nullptr);
  const VisiblePlace space = *signature_space(minutes(), 1);
  for (const std::string& person : {std::string(), blue_signature()}) {
    const VisiblePlace seal = seal_appearance(renderer(), space, person, red_seal()).value().place;
    EXPECT_LE(seal.y_mm + seal.height_mm, name->y_mm + 0.01) << (person.empty() ? "no signature's picture" : "");
  }
}

TEST(Appearance, PicturesOfTheWrongInkAreRefused) {
  const VisiblePlace space = *signature_space(minutes(), 1);
  EXPECT_TRUE(person_appearance(renderer(), space, red_seal()).error().is(wrong_ink));
  EXPECT_TRUE(seal_appearance(renderer(), space, blue_signature(), blue_signature()).error().is(wrong_ink));
  EXPECT_TRUE(person_appearance(renderer(), space, "no picture").error().is(paper::bad_image));
}

}  // namespace
}  // namespace luy::signature
