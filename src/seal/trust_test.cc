// Goal: lists are fetched and responders asked only at hosts that were named, lists taken only when a registered issuer
// signed them, and never replaced by older ones; what is over or wrong is told.
// Method: a CA of openssl's with two lists, and an HTTP server on loopback that hands out what the test says.
#include "seal/trust.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/file.h"
#include "seal/stamp_server.h"
#include "signature/fixture.h"
#include "signature/ocsp.h"

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
  // A person of that CA, whose issuer answers at `url`; returns the chain, signer first.
  std::vector<std::string> chain_of(const std::string& name, const std::string& authority, const std::string& url) {
    std::ofstream(root / (name + ".ext")) << "authorityInfoAccess=OCSP;URI:" << url << "\n";
    run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name + ".key -out " + name +
        ".csr -subj /CN=" + name + " && openssl x509 -req -in " + name + ".csr -CA " + authority + ".pem -CAkey " +
        authority + ".key -CAcreateserial -out " + name + ".pem -days 30 -extfile " + name + ".ext");
    std::vector<std::string> out;
    for (const std::string& one : {name, authority}) {
      const auto read = signature::read_certificates(*read_file(root / (one + ".pem"), 1 << 20));
      EXPECT_TRUE(read);
      if (read) out.push_back(read->front().der);
    }
    return out;
  }
  // As the authority's responder says it; for so many days, 0 for as of now.
  std::string answer_to(const std::string& question, const std::string& authority, int days) {
    std::ofstream(root / "question") << question;
    run("openssl ocsp -index " + authority + ".db -CA " + authority + ".pem -rsigner " + authority + ".pem -rkey " +
        authority + ".key -reqin question -respout answer" +
        (days == 0 ? std::string() : " -ndays " + std::to_string(days)));
    return *read_file(root / "answer", 1 << 20);
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

TEST_F(TrustTest, ListsAreFetchedByThemselvesInTime) {
  std::string served;
  int asked = 0;
  StampServer server([&](const StampServer::Request&) {
    ++asked;
    StampServer::Response out(http::status::ok, 11);
    out.body() = served;
    return out;
  });
  make_authority("ca", server.url());
  fs::copy(root / "ca.pem", trust / "anchors" / "ca.pem");
  TrustDesk desk(trust, clock);
  ASSERT_TRUE(desk.refresh_if_due());
  EXPECT_EQ(asked, 0) << "nobody allowed it";
  EXPECT_FALSE(desk.is_online());
  allow(R"({"hosts": ["127.0.0.1:)" + port_of(server.url()) + R"("]})");
  EXPECT_TRUE(desk.is_online());

  served = list_of("ca", later, ahead);
  const auto asked_after = [&](Duration passed) {
    clock.advance(passed);
    const int before = asked;
    EXPECT_TRUE(desk.refresh_if_due());
    return asked - before;
  };
  EXPECT_EQ(asked_after({}), 1);
  EXPECT_EQ(asked_after(refresh_again), 0) << "it holds for weeks";
  EXPECT_EQ(asked_after(refresh_period), 1);
  EXPECT_EQ(asked_after(std::chrono::hours(26 * 24)), 1) << "it ends within the day";
  EXPECT_EQ(asked_after(std::chrono::minutes(1)), 0);
  EXPECT_EQ(asked_after(refresh_again), 1);
  EXPECT_EQ(asked_after(-std::chrono::hours(48)), 1) << "the clock was set back";
  served = "<html>";
  EXPECT_EQ(asked_after(refresh_period), 1);
  EXPECT_EQ(asked_after(refresh_again), 1) << "it failed";
  desk.stop();
  EXPECT_EQ(asked_after(refresh_period), 0);
}

TEST_F(TrustTest, RespondersAreAskedWhereTheyAreAllowed) {
  clock.set(SystemClock().now());  // openssl's answers begin now.
  int asked = 0;
  std::function<StampServer::Response(const StampServer::Request&)> answer;
  StampServer server([&](const StampServer::Request& request) {
    ++asked;
    EXPECT_EQ(request.method(), http::verb::post);
    EXPECT_EQ(request[http::field::content_type], "application/ocsp-request");
    return answer(request);
  });
  make_authority("ca", server.url());
  const auto chain = chain_of("an", "ca", server.url());
  const auto other = chain_of("binh", "ca", server.url());
  run("openssl ca -config ca.cnf -keyfile ca.key -cert ca.pem -valid an.pem");
  TrustDesk desk(trust, clock);

  const auto answers = [&](int days) {
    return [this, days](const StampServer::Request& request) {
      StampServer::Response out(http::status::ok, 11);
      out.body() = answer_to(request.body(), "ca", days);
      return out;
    };
  };
  answer = answers(1);
  EXPECT_TRUE(desk.ask(chain).der.empty());
  allow(R"({"hosts": ["127.0.0.2:)" + port_of(server.url()) + R"("]})");
  EXPECT_TRUE(desk.ask(chain).der.empty());
  EXPECT_EQ(asked, 0) << "nobody allowed it, then another host";

  allow(R"({"hosts": ["127.0.0.1:)" + port_of(server.url()) + R"("]})");
  answer = [](const auto&) { return StampServer::Response(http::status::internal_server_error, 11); };
  OcspAnswers said = desk.ask(chain);
  ASSERT_TRUE(said.problem);
  EXPECT_TRUE(said.problem->is(responder_unreachable)) << said.problem->text();
  answer = [&](const auto&) {
    StampServer::Response out(http::status::ok, 11);
    out.body() = answer_to(
        *signature::ocsp_question(*signature::parse_certificate(other[0]), *signature::parse_certificate(other[1])),
        "ca", 1);
    return out;
  };
  said = desk.ask(chain);
  ASSERT_TRUE(said.problem);
  EXPECT_TRUE(said.problem->is(signature::bad_ocsp_answer)) << "about somebody else";

  asked = 0;
  answer = answers(0);
  EXPECT_EQ(desk.ask(chain).der.size(), 1U);
  EXPECT_EQ(desk.ask(chain).der.size(), 1U);
  EXPECT_EQ(asked, 2) << "an answer as of now is not kept";
  answer = answers(1);
  said = desk.ask(chain);
  EXPECT_FALSE(said.problem);
  ASSERT_EQ(said.der.size(), 1U);
  EXPECT_EQ(desk.ask(chain).der, said.der);
  EXPECT_EQ(asked, 3) << "kept until it is over";
  EXPECT_TRUE(desk.state().has_ocsp);
  clock.advance(std::chrono::hours(25));
  desk.ask(chain);
  EXPECT_EQ(asked, 4);
}

}  // namespace
}  // namespace luy::seal
