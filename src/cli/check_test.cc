// Goal: `luy check` shows a straight table that fits the terminal, and JSON of exactly the promised shape.
// Method: run() against a made-up administration port on loopback, with a real proof from a real store.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/encoding.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/table.h"
#include "evidence/store.h"

namespace luy::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

// Answers GET requests by their path, one at a time, until it goes.
class AdminPort {
 public:
  explicit AdminPort(std::map<std::string, std::string> answers) : answers_(std::move(answers)) {
    listening_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(::bind(listening_.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(::listen(listening_.get(), 8), 0);
    ::getsockname(listening_.get(), reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~AdminPort() {
    ::shutdown(listening_.get(), SHUT_RDWR);
    thread_.join();
  }
  AdminPort(const AdminPort&) = delete;
  AdminPort& operator=(const AdminPort&) = delete;
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  void serve() {
    for (;;) {
      const UniqueFd fd(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!fd) return;
      std::string request;
      std::array<char, 4096> buffer{};
      while (request.find("\r\n\r\n") == std::string::npos) {
        const ssize_t n = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
        if (n <= 0) break;
        request.append(buffer.data(), static_cast<std::size_t>(n));
      }
      const auto found = answers_.find(request.substr(4, request.find(' ', 4) - 4));
      const std::string body = found == answers_.end() ? "{}" : found->second;
      const std::string answer = std::string("HTTP/1.1 ") + (found == answers_.end() ? "404 x" : "200 OK") +
                                 "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
      [[maybe_unused]] const ssize_t n = ::send(fd.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    }
  }
  const std::map<std::string, std::string> answers_;
  UniqueFd listening_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

json::object verdict(const std::string& obligation, const std::string& subject, const std::string& state,
                     const std::string& reason) {
  return {{"obligation", obligation},  {"subject", "0192"},   {"subject_name", subject},     {"verdict", state},
          {"reason", "en: " + reason}, {"reason_vi", reason}, {"proof_seqs", json::array{0}}};
}

struct CheckCommand : testing::Test {
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "luy-check-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    fs::create_directories(folder / "run");
    std::ofstream(folder / "run" / "admin.token") << "0000\n";
    proof = make_proof();
  }
  void TearDown() override { fs::remove_all(folder); }

  // The proof of the only record of a store, as the hub tells it.
  json::object make_proof() {
    EXPECT_TRUE(evidence::FileNoteSigner::generate(folder / "key.pem"));
    const auto signer = *evidence::FileNoteSigner::load(folder / "key.pem", "luy/test");
    const auto store = *evidence::open_store({folder / "evidence", 30}, clock, *signer);
    const evidence::Store::Batch batch{std::nullopt, {{"a/b/c", 1, "x"}}};
    EXPECT_TRUE(store->append({&batch, 1}));
    const evidence::Checkpoint checkpoint = *store->checkpoint();
    const evidence::InclusionProof found = *store->prove(0);
    json::array path;
    for (const Hash& hash : found.path) path.push_back(json::object{{"side", "left"}, {"hash", to_hex(hash)}});
    return {{"leaf_data", to_base64(evidence::leaf_data(found.record))},
            {"path", std::move(path)},
            {"checkpoint", checkpoint.note},
            {"public_key", signer->vkey()},
            {"root_key", signer->vkey()},
            {"certificates", boost::json::array()}};
  }
  ExitCode check(const json::array& verdicts, std::vector<std::string> options, std::size_t columns) {
    const json::object answer{{"verdicts", verdicts}, {"events_stored", 7}, {"checkpoint", {{"size", 1}}}};
    const AdminPort port(
        {{"/admin/v1/check", json::serialize(answer)}, {"/admin/v1/proof?seq=0", json::serialize(proof)}});
    std::ofstream(folder / "run" / "hub.json") << json::serialize(json::object{{"admin_url", port.url()}});
    options.insert(options.begin(), {"check", "--wait", "0", "--data", folder.string()});
    out.str("");
    err.str("");
    return run(options, out, err, clock, columns);
  }

  fs::path folder;
  json::object proof;
  FakeClock clock{day_begin(*day_from_iso("2026-11-22"))};
  std::ostringstream out;
  std::ostringstream err;
};

const std::string long_reason =
    "Danh mục bản vá bảo mật phát hành ngày 15/11/2026 đã quá cũ từ 07:00 ngày 22/11/2026; cần cập nhật danh mục.";

TEST_F(CheckCommand, TheJsonHasExactlyThePromisedMembers) {
  const ExitCode code = check({verdict("5.2-patching", "máy chủ", "violated", long_reason)}, {"--json"}, 80);
  EXPECT_EQ(code, ExitCode::fault) << "one measured duty is not twelve";
  const json::object got = json::parse(out.str()).as_object();
  EXPECT_EQ(got, (json::object{{"verdicts", json::array{json::object{{"obligation", "5.2-patching"},
                                                                     {"subject", "0192"},
                                                                     {"verdict", "violated"},
                                                                     {"reason", "en: " + long_reason}}}},
                               {"events_stored", 7},
                               {"proofs_verified", 1}}))
      << out.str() << err.str();
}

TEST_F(CheckCommand, TwelveMeasuredDutiesAndAVerifiedProofAreASuccess) {
  json::array verdicts;
  for (int i = 0; i < 12; ++i) verdicts.push_back(verdict("d" + std::to_string(i), "máy", "kept", "Đạt."));
  EXPECT_EQ(check(verdicts, {}, 80), ExitCode::ok) << err.str();
  EXPECT_EQ(check(verdicts, {"--json"}, 80), ExitCode::ok) << err.str();
}

TEST_F(CheckCommand, ReasonsBeginInOneColumnAndNoLineIsWiderThanTheTerminal) {
  const json::array verdicts{verdict("5.2-patching", "máy chủ một cửa", "kept", long_reason),
                             verdict("9.2-log-30-days", "pc", "kept", long_reason),
                             verdict("4.3-x", "\x1b[31mtên rất dài của một thiết bị nào đó", "kept", long_reason)};
  for (const std::size_t columns : {50U, 80U, 100U, 200U}) {
    check(verdicts, {}, columns);
    std::istringstream lines(out.str());
    std::set<std::size_t> begins;
    for (std::string line; std::getline(lines, line);) {
      if (line.find("nghĩa vụ đo được") != std::string::npos) continue;
      EXPECT_LE(display_width(line), columns) << line;
      const auto at = line.find("Danh mục");
      if (at != std::string::npos) begins.insert(display_width(line.substr(0, at)));
    }
    EXPECT_EQ(begins.size(), 1U) << columns << out.str();
    EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
  }
}

}  // namespace
}  // namespace luy::cli
