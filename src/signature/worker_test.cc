// Goal: the worker says what verify_pdf() says, can do nothing else, and what breaks it is an error.
// Method: the built program; its own probe; programs that are no worker; files returned from signing outside.
#include "signature/worker.h"

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "base/file.h"
#include "signature/appearance.h"
#include "signature/fixture.h"
#include "signature/outside.h"
#include "signature/worker/wire.h"

namespace luy::signature {
namespace {

VerifyOptions options() {
  VerifyOptions out;
  out.now = signing_time() + days(1);
  out.anchors = read_certificates(read_bytes(pki() / "anchors.pem")).value();
  return out;
}

TEST(Worker, SaysWhatVerifyPdfSays) {
  VerifyOptions with = options();
  with.original = handed_out(minutes().bytes);
  const std::string good = signed_by("person", minutes().bytes);
  for (const std::string& pdf : {good, good + "x", signed_by("late", good), minutes().bytes}) {
    const auto here = verify_pdf(pdf, with);
    const auto there = verify_in_worker(LUY_TEST_WORKER, pdf, with);
    ASSERT_TRUE(there.has_value()) << there.error().text();
    EXPECT_EQ(encode_answer(there), encode_answer(here));
  }
  EXPECT_TRUE(verify_in_worker(LUY_TEST_WORKER, "rubbish", with).error().is(bad_pdf));
}

TEST(Worker, HasNoFilesSocketsOrProcesses) {
  int code = 1;
  EXPECT_EQ(output_of(std::string(LUY_TEST_WORKER) + " --probe", &code), "files 0 sockets 0 processes 0\n");
  EXPECT_EQ(code, 0);
}

TEST(Worker, WhatEndsWithoutAnAnswerIsRefused) {
  EXPECT_TRUE(verify_in_worker("/nonexistent/worker", minutes().bytes, options()).error().is(worker_missing));
  for (const char* program : {"/bin/false", "/bin/true", "/bin/cat"}) {
    EXPECT_TRUE(verify_in_worker(program, minutes().bytes, options()).error().is(worker_limit)) << program;
  }
}

// What systemd does for a socket with Accept=yes: one process for each connection, which is its input and output.
class Activated {
 public:
  Activated(std::filesystem::path where, std::string program) : where_(std::move(where)), program_(std::move(program)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    where_.native().copy(address.sun_path, sizeof address.sun_path - 1);
    listening_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listening_.get(), 8), 0);
    thread_ = std::thread([this] {
      for (;;) {
        const UniqueFd one(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!one) return;
        serve(one.get());
      }
    });
  }
  ~Activated() {
    ::shutdown(listening_.get(), SHUT_RDWR);
    thread_.join();
    std::filesystem::remove(where_);
  }

 private:
  void serve(int connection) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, connection, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, connection, STDOUT_FILENO);
    pid_t pid = -1;
    std::array<char*, 2> arguments = {program_.data(), nullptr};
    std::array<char*, 1> none = {nullptr};
    if (::posix_spawn(&pid, program_.c_str(), &actions, nullptr, arguments.data(), none.data()) == 0) {
      ::waitpid(pid, nullptr, 0);
    }
    posix_spawn_file_actions_destroy(&actions);
  }

  std::filesystem::path where_;
  std::string program_;
  UniqueFd listening_;
  std::thread thread_;
};

TEST(Worker, SaysTheSameOverTheSocketOfItsUnit) {
  const std::filesystem::path socket = std::filesystem::temp_directory_path() / ("luy-w-" + std::to_string(::getpid()));
  EXPECT_TRUE(verify_in_worker(socket, minutes().bytes, options()).error().is(worker_missing));
  {
    const Activated unit(socket, LUY_TEST_WORKER);
    for (const std::string& pdf : {signed_by("person", minutes().bytes), minutes().bytes}) {
      const auto there = verify_in_worker(socket, pdf, options());
      ASSERT_TRUE(there.has_value()) << there.error().text();
      EXPECT_EQ(encode_answer(there), encode_answer(verify_pdf(pdf, options())));
    }
    EXPECT_TRUE(verify_in_worker(socket, "rubbish", options()).error().is(bad_pdf));
  }
  const Activated broken(socket, "/bin/false");
  EXPECT_TRUE(verify_in_worker(socket, minutes().bytes, options()).error().is(worker_limit));
}

TEST(Worker, EveryCutOfARequestOrAnAnswerIsRefused) {
  VerifyOptions with = options();
  with.existed_at = with.now;
  with.original = handed_out("x");
  const std::string request = encode_request("pdf", with);
  ASSERT_TRUE(decode_request(request).has_value());
  EXPECT_EQ(decode_request(request)->options.original, with.original);
  for (std::size_t cut = 0; cut < request.size(); cut += 7) EXPECT_FALSE(decode_request(request.substr(0, cut))) << cut;
  const std::string answer = encode_answer(verify_pdf(signed_by("person", minutes().bytes), options()));
  ASSERT_TRUE(decode_answer(answer).has_value());
  for (std::size_t cut = 0; cut < answer.size(); cut += 13) EXPECT_FALSE(decode_answer(answer.substr(0, cut))) << cut;
}

TEST(Worker, PreparesWhatPrepareDoes) {
  SignRequest request{signing_time(), "Ủy ban", "Đóng dấu"};
  request.place = VisiblePlace{1, 20, 200, 40, 20};
  request.appearance = text_appearance(renderer(), *request.place, {"", "Ủy ban", "", signing_time()}).value().pdf;
  for (const std::string& pdf : {minutes().bytes, signed_by("person", minutes().bytes)}) {
    const auto there = prepare_in_worker(LUY_TEST_WORKER, pdf, request);
    ASSERT_TRUE(there.has_value()) << there.error().text();
    EXPECT_EQ(*there, prepare(pdf, request).value());
  }
  EXPECT_TRUE(prepare_in_worker(LUY_TEST_WORKER, "rubbish", request).error().is(bad_pdf));
  request.place->page = 99;
  EXPECT_TRUE(prepare_in_worker(LUY_TEST_WORKER, minutes().bytes, request).error().is(bad_place));
  const std::string sent = encode_preparation("pdf", request);
  EXPECT_FALSE(decode_request(sent)) << "a preparation is no verification";
  ASSERT_TRUE(decode_preparation(sent).has_value());
  for (std::size_t cut = 0; cut < sent.size(); cut += 7) EXPECT_FALSE(decode_preparation(sent.substr(0, cut))) << cut;
  const std::string answer = encode_prepared(Prepared{"0123456789", 2, 8});
  EXPECT_EQ(decode_prepared(answer)->value().room_end, 8U);
  EXPECT_FALSE(decode_prepared(encode_prepared(Prepared{"0123456789", 2, 11}))) << "room behind the end";
}

ExpectedSigner expected(const std::string& name) {
  const auto key = signer(name);
  return {key->certificate().subject, key->certificate().serial};
}

TEST(Outside, OnlyTheDocumentSignedByThoseAskedIsTaken) {
  const std::string& paper = minutes().bytes;
  const std::string by_person = signed_by("person", paper);
  const Original original = handed_out(paper);
  const auto taken = [&](const std::string& pdf, const Original& before, const std::vector<ExpectedSigner>& who) {
    VerifyOptions with = options();
    with.original = before;
    const auto done = check_returned(verify_pdf(pdf, with).value(), before, who);
    return done ? std::string("taken") : std::string(done.error().name());
  };
  EXPECT_EQ(taken(by_person, original, {expected("person")}), "taken");
  EXPECT_EQ(taken(signed_by("agency", by_person), original, {expected("person"), expected("agency")}), "taken");
  EXPECT_EQ(taken(signed_by("agency", by_person), handed_out(by_person), {expected("agency")}), "taken");
  EXPECT_EQ(taken(by_person, handed_out(by_person), {expected("agency")}), "signature.returned_unsigned");
  EXPECT_EQ(taken(paper, original, {expected("person")}), "signature.returned_unsigned");
  EXPECT_EQ(taken(by_person, original, {expected("agency")}), "signature.returned_stranger");
  EXPECT_EQ(taken(signed_by("stranger/person", paper), original, {expected("person")}), "signature.returned_invalid")
      << "the same names and serial from another issuer";
  EXPECT_EQ(taken(by_person + "x", original, {expected("person")}), "signature.returned_other");
  std::string other = paper;
  other[other.find("%PDF-1.5") + 7] = '4';
  EXPECT_EQ(taken(signed_by("person", other), original, {expected("person")}), "signature.returned_other");
}

}  // namespace
}  // namespace luy::signature
