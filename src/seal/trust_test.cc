// Goal: lists are fetched only from hosts that were named, taken only when a registered issuer signed them, and never
// replaced by older ones; what is over or wrong is told.
// Method: a CA of openssl's with two lists, and an HTTP server on loopback that hands out what the test says.
#include "seal/trust.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/file.h"
#include "seal/stamp_server.h"
#include "signature/fixture.h"

namespace luy::seal {
namespace {

namespace fs = std::filesystem;
namespace http = boost::beast::http;

struct TrustTest : testing::Test {
  TrustTest() {
    std::string name = (fs::temp_directory_path() / "luy-trust-XXXXXX").string();
    root = mkdtemp(name.data());
    trust = root / "trust";
    fs::create_directories(trust / "anchors");
  }
  ~TrustTest() override {
    std::error_code ignored;
    fs::remove_all(root, ignored);
  }

  // A CA whose own certificate says that its list is at `url`.
  void make_authority(const std::string& name, const std::string& url) {
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name + ".key -out " + name +
        ".pem -subj '/CN=" + name +
        "' -days 30 -addext keyUsage=critical,keyCertSign,cRLSign -addext 'crlDistributionPoints=URI:" + url + "'");
    std::ofstream(root / (name + ".cnf"))
        << "[ca]\ndefault_ca=d\n[d]\ndatabase=" << (root / (name + ".db")).string() << "\ndefault_md=sha256\n";
    std::ofstream(root / (name + ".db")) << "";
  }
  std::string list_of(const std::string& name, const std::string& from, const std::string& until) {
    run("openssl ca -gencrl -config " + name + ".cnf -keyfile " + name + ".key -cert " + name +
        ".pem -crl_lastupdate " + from + " -crl_nextupdate " + until + " -out " + name + ".crl");
    return *read_file(root / (name + ".crl"), 1 << 20);
  }
  void run(const std::string& command) {
    const std::string line = "cd " + root.string() + " && " + command + " >log 2>&1";
    ASSERT_EQ(std::system(line.c_str()), 0) << *read_file(root / "log", 1 << 20);
  }
  void allow(const std::string& json) { ASSERT_TRUE(write_file_durably(trust / "fetch.json", json)); }
  static std::string port_of(const std::string& url) {
    const std::size_t colon = url.rfind(':');
    return url.substr(colon + 1, url.find('/', colon) - colon - 1);
  }

  fs::path root, trust;
  FakeClock clock{*from_rfc3339("2026-11-23T03:00:00Z")};
};

constexpr const char* early = "20261101000000Z";
constexpr const char* later = "20261110000000Z";
constexpr const char* over = "20261120000000Z";
constexpr const char* ahead = "20261220000000Z";

TEST_F(TrustTest, ListsComeFromNamedHostsAlone) {
  std::string served;
  int asked = 0;
  StampServer server([&](const StampServer::Request& request) {
    ++asked;
    EXPECT_EQ(request.method(), http::verb::get);
    StampServer::Response out(http::status::ok, 11);
    out.body() = served;
    return out;
  });
  make_authority("ca", server.url());
  make_authority("stranger", server.url());
  fs::copy(root / "ca.pem", trust / "anchors" / "ca.pem");
  TrustDesk desk(trust, clock);

  ASSERT_TRUE(desk.refresh());
  EXPECT_EQ(asked, 0) << "nobody allowed it";
  allow(R"({"hosts": ["127.0.0.1", "127.0.0.2:)" + port_of(server.url()) + R"("]})");
  ASSERT_TRUE(desk.refresh());
  EXPECT_EQ(asked, 0) << "another port, another host";
  EXPECT_TRUE(desk.state().lists.empty());

  allow(R"({"hosts": ["127.0.0.1:)" + port_of(server.url()) + R"("]})");
  served = list_of("ca", later, ahead);
  ASSERT_TRUE(desk.refresh());
  EXPECT_EQ(asked, 1);
  TrustState state = desk.state();
  EXPECT_FALSE(state.problem) << state.problem->text();
  ASSERT_EQ(state.lists.size(), 1U);
  EXPECT_EQ(state.lists[0].source, server.url());
  EXPECT_EQ(state.lists[0].list.issuer, "CN=ca");
  EXPECT_FALSE(state.lists[0].is_stale);
  EXPECT_EQ(state.last_at, clock.now());

  // Older, foreign, no list at all: what is there stays, and it is told.
  served = list_of("ca", early, over);
  ASSERT_TRUE(desk.refresh());
  EXPECT_FALSE(desk.state().lists[0].is_stale);
  const std::string good = list_of("ca", later, ahead);
  std::string forged = good;
  forged[forged.size() - 60] = forged[forged.size() - 60] == 'A' ? 'B' : 'A';
  const struct {
    std::string body;
    const ErrorKind& kind;
  } table[] = {{list_of("stranger", later, ahead), list_foreign},
               {"<html>", signature::bad_revocation_list},
               {"", signature::bad_revocation_list},
               {forged, list_foreign}};
  for (const auto& one : table) {
    served = one.body;
    ASSERT_TRUE(desk.refresh());
    state = desk.state();
    ASSERT_TRUE(state.problem) << one.kind.name;
    EXPECT_TRUE(state.problem->is(one.kind) || state.problem->is(signature::bad_revocation_list))
        << state.problem->text();
    ASSERT_EQ(state.lists.size(), 1U);
    EXPECT_EQ(state.lists[0].list.this_update, *from_rfc3339("2026-11-10T00:00:00Z"));
  }
  clock.set(*from_rfc3339("2027-01-01T00:00:00Z"));
  EXPECT_TRUE(desk.state().lists[0].is_stale);
}

TEST_F(TrustTest, AHostThatIsDownIsTold) {
  std::string gone;
  {
    StampServer server([](const auto&) { return StampServer::Response(http::status::ok, 11); });
    gone = server.url();
  }
  make_authority("ca", gone);
  fs::copy(root / "ca.pem", trust / "anchors" / "ca.pem");
  allow(R"({"hosts": ["127.0.0.1:)" + port_of(gone) + R"("]})");
  TrustDesk desk(trust, clock);
  ASSERT_TRUE(desk.refresh());
  ASSERT_TRUE(desk.state().problem);
  EXPECT_TRUE(desk.state().problem->is(list_unreachable));
  EXPECT_NE(desk.state().problem->en().find(gone), std::string::npos);
}

TEST_F(TrustTest, AWrongFileIsNamedAndNothingIsAddressed) {
  for (const char* text : {"[", "[]", R"({"host": []})", R"({"hosts": "x"})", R"({"hosts": [1]})",
                           R"({"lists": ["ftp://x/"]})", R"({"hosts": [""]})"}) {
    allow(text);
    TrustDesk desk(trust, clock);
    EXPECT_TRUE(desk.refresh().error().is(bad_fetch_file)) << text;
    EXPECT_TRUE(desk.state().problem->is(bad_fetch_file)) << text;
  }
}

}  // namespace
}  // namespace luy::seal
