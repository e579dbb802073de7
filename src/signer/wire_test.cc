// Goal: what is sent is what is read, and nothing else is read as a message.
// Method: messages of each kind there and back; cut and altered.
#include "signer/wire.h"

#include "evidence/error.h"
#include "signer/test_signer.h"

namespace luy::signer {
namespace {

struct Wire : SignerTest {
  Answer answer_of(const Request& request) {
    auto keeper = std::move(open().value());
    return answer(*keeper, request).value();
  }
};

TEST_F(Wire, RequestsAreReadAsTheyWereWritten) {
  for (const SignRequest& sent : {tree.request(9, 4), tree.request(4, 9), tree.request(1, 0), tree.request(256, 3)}) {
    const auto read = decode_request(encode_request(sent));
    ASSERT_TRUE(read);
    const auto& got = std::get<SignRequest>(*read);
    EXPECT_EQ(got.tree.origin, sent.tree.origin);
    EXPECT_EQ(got.tree.size, sent.tree.size);
    EXPECT_EQ(got.tree.root, sent.tree.root);
    EXPECT_EQ(got.day, sent.day);
    EXPECT_EQ(got.old_size, sent.old_size);
    EXPECT_EQ(got.path, sent.path);
  }
  EXPECT_TRUE(std::holds_alternative<StandingWanted>(*decode_request(encode_request(StandingWanted{}))));
  EXPECT_EQ(std::get<Statement>(*decode_request(encode_request(Statement{"a\nb\n"}))).body, "a\nb\n");
}

TEST_F(Wire, WhatIsNoRequestIsNone) {
  const std::string good = encode_request(tree.request(9, 4));
  std::vector<std::string> bad = {"", "x\n", "standing\nmore", good + "more\n"};
  for (std::size_t size = 0; size < good.size(); ++size) bad.push_back(good.substr(0, size));
  SignRequest long_path = tree.request(9, 4);
  long_path.path.assign(path_max + 1, Hash{});
  bad.push_back(encode_request(long_path));
  for (const std::string& text : bad) EXPECT_FALSE(decode_request(text)) << text;
}

TEST_F(Wire, AnswersAreReadAsTheyWereWritten) {
  const Answer sent = answer_of(tree.request(9, 0));
  const auto read = decode_answer(encode_answer(sent));
  ASSERT_TRUE(read);
  ASSERT_TRUE(*read);
  EXPECT_EQ((*read)->standing.vkey, sent.standing.vkey);
  EXPECT_EQ((*read)->standing.size, 9U);
  EXPECT_EQ((*read)->standing.root, sent.standing.root);
  EXPECT_EQ((*read)->signed_.note, sent.signed_.note);
  EXPECT_EQ((*read)->signed_.vkey, sent.signed_.vkey);
  EXPECT_EQ((*read)->signed_.certificates, sent.signed_.certificates);
}

TEST_F(Wire, RequestsToCosignAndTheirAnswersAreReadAsTheyWereWritten) {
  auto keeper = std::move(open().value());
  const auto note = keeper->sign(tree.request(9, 0)).value();
  const CosignRequest sent{keeper->standing().vkey, note.certificates, {4, tree.path(4, 9), note.note}};
  const std::string good = encode_request(sent);
  const auto read = decode_request(good);
  ASSERT_TRUE(read);
  const auto& got = std::get<CosignRequest>(*read);
  EXPECT_EQ(got.vkey, sent.vkey);
  EXPECT_EQ(got.certificates, sent.certificates);
  EXPECT_EQ(got.submission.old_size, 4U);
  EXPECT_EQ(got.submission.path, sent.submission.path);
  EXPECT_EQ(got.submission.note, note.note);
  for (std::size_t size = 0; size < good.size() - note.note.size(); ++size) {
    EXPECT_FALSE(decode_request(good.substr(0, size))) << size;
  }
  EXPECT_TRUE(std::holds_alternative<WitnessWanted>(*decode_request(encode_request(WitnessWanted{}))));
  for (const Cosigned& one : {Cosigned{"w", Cosigned::Outcome::signed_, 9, "a line\n", ""},
                              Cosigned{"w", Cosigned::Outcome::conflict, 9, "", note.note}}) {
    Answer answer;
    answer.cosigned = one;
    const auto back = decode_answer(encode_answer(answer));
    ASSERT_TRUE(back && *back && (*back)->cosigned);
    EXPECT_EQ((*back)->cosigned->vkey, one.vkey);
    EXPECT_EQ((*back)->cosigned->outcome, one.outcome);
    EXPECT_EQ((*back)->cosigned->size, one.size);
    EXPECT_EQ((*back)->cosigned->line, one.line);
    EXPECT_EQ((*back)->cosigned->newest, one.newest);
  }
}

TEST_F(Wire, ErrorsKeepTheirName) {
  for (const ErrorKind* kind : {&rolled_back, &forked, &other_origin, &other_size, &day_over, &day_ahead,
                                &state_damaged, &in_use, &disk_full, &evidence::note_malformed}) {
    const auto read = decode_answer(encode_answer(Error(*kind, "a\nb")));
    ASSERT_TRUE(read && !*read);
    EXPECT_TRUE(read->error().is(*kind)) << kind->name;
    EXPECT_EQ(read->error().detail(), "a b");
  }
  EXPECT_TRUE(decode_answer(encode_answer(Error(evidence::store_empty, "x")))->error().is(file_failed));
  EXPECT_FALSE(decode_answer("error\nunknown\nx\n"));
}

}  // namespace
}  // namespace luy::signer
