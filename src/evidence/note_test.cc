// Goal: notes, keys and proofs are those of the C2SP specifications, and anything else is refused.
// Method: the example key and note of the Go checksum database (golang.org/x/mod/sumdb/note), round trips, a table of
// malformed texts.
#include "evidence/note.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "evidence/error.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

// From the documentation of golang.org/x/mod/sumdb/note.
constexpr std::string_view go_vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view go_note =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(Note, VerifiesTheExampleOfAnotherImplementation) {
  const auto key = VerifierKey::parse(go_vkey);
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_EQ(key->vkey(), go_vkey);
  EXPECT_TRUE(verify_note(go_note, {*key}));
  std::string altered(go_note);
  altered[3] = 'Y';
  EXPECT_TRUE(verify_note(altered, {*key}).error().is(note_unverified));
  EXPECT_TRUE(verify_note(go_note, {}).error().is(note_unverified));
}

TEST(Note, BrokenKeysAreRefused) {
  for (const std::string_view vkey :
       {"", "PeterNeumann", "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "a b+c74f20a3+ARpc", "x+c74f20a3+!!"}) {
    EXPECT_TRUE(VerifierKey::parse(vkey).error().is(key_invalid)) << vkey;
  }
}

struct SignerTest : testing::Test, TestStore {};

TEST_F(SignerTest, SignsWhatVerifiesAndNothingForAnotherOrigin) {
  Hash root{};
  root[0] = 1;
  const std::string body = format_body({test_origin, 42, root});
  const auto note = signer->sign(body);
  ASSERT_TRUE(note);
  const auto key = *VerifierKey::parse(signer->vkey());
  EXPECT_TRUE(verify_note(*note, {key}));
  const auto parsed = parse_body(*note);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->size, 42U);
  EXPECT_EQ(parsed->root, root);
  EXPECT_TRUE(signer->sign(format_body({"luy/other", 42, root})).error().is(note_malformed));
  const auto twice = verify_note(*note + std::string(go_note.substr(go_note.find("\xe2"))), {key});
  EXPECT_TRUE(twice) << "an unknown witness's line is ignored";
}

TEST_F(SignerTest, KeyFileIsPrivateAndNeverOverwritten) {
  const auto file = folder.path() / "key.pem";
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_TRUE(FileNoteSigner::generate(file).error().is(key_invalid));
  ::chmod(file.c_str(), 0640);
  EXPECT_TRUE(FileNoteSigner::load(file, test_origin).error().is(file_denied));
  ::chmod(file.c_str(), 0600);
  EXPECT_TRUE(FileNoteSigner::load(file, "with blank").error().is(key_invalid));
  EXPECT_TRUE(FileNoteSigner::load(folder.path() / "absent", test_origin).error().is(file_not_found));
  ASSERT_TRUE(write_file_durably(file, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
  EXPECT_TRUE(FileNoteSigner::load(file, test_origin).error().is(key_invalid));
}

TEST(Note, MalformedNotesAreRefused) {
  const auto key = *VerifierKey::parse(go_vkey);
  for (const std::string_view note : {"", "\n", "text\n", "text\n\n", "text\n\nno signature\n",
                                      "text\n\n\xe2\x80\x94 name\n", "text\n\n\xe2\x80\x94 name AAAA\n",
                                      "text\n\n\xe2\x80\x94 name !!!!\n", "text\n\n\xe2\x80\x94 a+b AAAAAAAAAAAA\n"}) {
    EXPECT_FALSE(verify_note(note, {key})) << note;
  }
  for (const std::string_view body : {"", "a\n1\n", "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                                      "a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                                      "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                                      "a\n99999999999999999999\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                                      "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hS\n"}) {
    EXPECT_TRUE(parse_body(body).error().is(note_malformed)) << body;
  }
}

TEST(Note, ProofTextRoundTrips) {
  TlogProof proof{7, {Hash{}, Hash{1}}, std::string(go_note)};
  const std::string text = format_proof(proof);
  EXPECT_TRUE(text.starts_with("c2sp.org/tlog-proof@v1\nindex 7\nAAAAAAAA"));
  const auto back = parse_proof(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->index, 7U);
  EXPECT_EQ(back->path, proof.path);
  EXPECT_EQ(back->note, go_note);
  for (std::size_t cut = 0; cut < text.size() - go_note.size(); ++cut) {
    EXPECT_FALSE(parse_proof(text.substr(0, cut))) << cut;
  }
}

}  // namespace
}  // namespace luy::evidence
