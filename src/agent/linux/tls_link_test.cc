// Goal: batches go only to the hub that was enrolled with, and every way an answer can be wrong, late or too large
// ends in time and means what it should.
// Method: a TLS server in this process with an authority of its own; deadlines of a tenth of a second.
#include "agent/linux/tls_link.h"

#include <gtest/gtest.h>

#include <future>

#include "agent/linux/temporary_folder.h"
#include "agent/linux/test_hub.h"

namespace luy::agent {
namespace {

using Outcome = Delivery::Outcome;
using std::chrono::milliseconds;

constexpr const char* device = "01jd0000000000000000000000";
const TestNames server_names{"hub", "IP:127.0.0.1,DNS:hub.example", "serverAuth"};
const TestNames client_names{"device", "URI:urn:luy:device:01jd0000000000000000000000", "clientAuth"};
constexpr TlsDeadlines quick{milliseconds(2000), milliseconds(2000), milliseconds(300)};
constexpr TlsDeadlines patient{};

std::string json_field(const std::string& request, const std::string& key) {
  const auto at = request.find('"' + key + "\":\"") + key.size() + 4;
  std::string out;
  for (std::size_t i = at; request[i] != '"'; ++i) {
    if (request[i] == '\\') {
      out += request[++i] == 'n' ? '\n' : request[i];
    } else {
      out += request[i];
    }
  }
  return out;
}

class TlsLinkTest : public testing::Test {
 protected:
  std::unique_ptr<TestHub> hub(TestHub::Handler handler, bool client_certificate = true) {
    return hub_of(authority_, server_names, std::move(handler), client_certificate);
  }
  static std::unique_ptr<TestHub> hub_of(const TestAuthority& authority, const TestNames& names,
                                         TestHub::Handler handler, bool client_certificate) {
    TestHub::Setup setup;
    setup.authority = &authority;
    setup.identity = authority.issue(names);
    setup.client_certificate = client_certificate;
    return std::make_unique<TestHub>(std::move(setup), std::move(handler));
  }

  Enrolment enrolment(const std::string& url, const std::string& certificate) const {
    return {device, certificate, authority_.pem(), url, "127.0.0.1"};
  }
  // A device that is enrolled already.
  std::unique_ptr<TlsLink> link(const std::string& url, const TlsDeadlines& deadlines = patient,
                                const std::string& server_name = "127.0.0.1", const TestNames& names = client_names) {
    const PrivateKey key = std::move(load_or_make_key(folder_.path()).value());
    Enrolment enrolled = enrolment(url, authority_.sign(make_csr(key.get()).value(), names));
    enrolled.server_name = server_name;
    save_enrolment(folder_.path(), enrolled).value();
    return std::move(TlsLink::open(folder_.path(), clock_, deadlines).value());
  }
  EnrolRequest request(const std::string& url) const {
    EnrolRequest out;
    out.hub = url;
    out.token = "token";
    out.fingerprint = fingerprint(authority_.certificate());
    out.folder = folder_.path();
    return out;
  }
  TestHub::Handler enrolling() {
    return [this](const std::string& bytes) {
      last_request_ = bytes;
      const std::string csr = json_field(bytes, "csr");
      return http_answer(201, to_json(enrolment("https://127.0.0.1:1", authority_.sign(csr, client_names))));
    };
  }

  TestAuthority authority_;
  TemporaryFolder folder_;
  FakeClock clock_{SystemClock().now()};
  std::string last_request_;
};

TEST_F(TlsLinkTest, EnrollingMakesAKeyThatStaysAndStoresTheCertificate) {
  const auto server = hub(enrolling(), false);
  const auto enrolled = enrol(request(server->url()));
  ASSERT_TRUE(enrolled) << enrolled.error().text();
  EXPECT_EQ(load_enrolment(folder_.path()).value(), *enrolled);
  EXPECT_EQ(last_request_.substr(0, last_request_.find('\r')), "POST /api/v1/agents/enrol HTTP/1.1");
  EXPECT_EQ(last_request_.find("PRIVATE"), std::string::npos);
  const auto mode = std::filesystem::status(folder_.path() / "agent.key").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const std::string key = read_file(folder_.path() / "agent.key", 9999).value();
  ASSERT_TRUE(enrol(request(server->url())));
  EXPECT_EQ(read_file(folder_.path() / "agent.key", 9999).value(), key) << "the same machine, the same key";
}

TEST_F(TlsLinkTest, AFingerprintMayBeWrittenAsPeopleDo) {
  const auto server = hub(enrolling(), false);
  EnrolRequest asked = request(server->url());
  std::string text;
  for (std::size_t i = 0; i < asked.fingerprint.size(); ++i) {
    text += static_cast<char>(std::toupper(asked.fingerprint[i]));
    if (i % 2 == 1 && i + 1 < asked.fingerprint.size()) text += ':';
  }
  asked.fingerprint = text;
  EXPECT_TRUE(enrol(asked));
}

TEST_F(TlsLinkTest, AHubWithAnotherFingerprintGetsNothing) {
  const TestAuthority other;
  const auto server = hub_of(other, server_names, enrolling(), false);
  const auto enrolled = enrol(request(server->url()));
  ASSERT_FALSE(enrolled);
  EXPECT_TRUE(enrolled.error().is(hub_not_trusted)) << enrolled.error().text();
  EXPECT_EQ(last_request_, "") << "not even the token";
  EnrolRequest bad = request(server->url());
  for (const char* text : {"", "abcd", "zz"}) {
    bad.fingerprint = text;
    EXPECT_TRUE(enrol(bad).error().is(hub_not_trusted)) << text;
  }
}

// A stolen agent certificate of the right authority must not be able to play the hub.
TEST_F(TlsLinkTest, ACertificateThatIsNotAServersOrNotForThisNameIsRefused) {
  for (const TestNames& names :
       {TestNames{"x", "IP:127.0.0.1", "clientAuth"}, TestNames{"x", "DNS:other.example", "serverAuth"},
        TestNames{"x", "IP:127.0.0.1", "serverAuth", std::chrono::seconds(-7200), std::chrono::seconds(-3600)}}) {
    const auto server = hub_of(authority_, names, enrolling(), false);
    const auto enrolled = enrol(request(server->url()));
    ASSERT_FALSE(enrolled);
    EXPECT_TRUE(enrolled.error().is(hub_not_trusted)) << enrolled.error().text();
  }
  EXPECT_EQ(last_request_, "");
}

TEST_F(TlsLinkTest, ARefusedOrMalformedEnrolmentLeavesTheOldOneInForce) {
  save_enrolment(folder_.path(), enrolment("https://old.example", "PEM")).value();
  const std::string foreign = to_pem(authority_.issue(client_names).certificate.get());
  const std::pair<std::string, const ErrorKind*> table[] = {
      {http_answer(403, R"({"error":{"code":"x","vi":"Sai mã","en":"Wrong token."}})"), &enrolment_refused},
      {http_answer(201, "{}"), &reply_malformed},
      {http_answer(201, to_json(enrolment("https://127.0.0.1:1", foreign))), &reply_malformed},
      {http_answer(201, to_json(enrolment("https://127.0.0.1:1", "PEM"))), &key_unusable},
      {"SSH-2.0-OpenSSH\r\n\r\n", &http_malformed},
  };
  for (const auto& [answer, kind] : table) {
    const auto server = hub([answer = answer](const std::string&) { return answer; }, false);
    const auto enrolled = enrol(request(server->url()));
    ASSERT_FALSE(enrolled) << answer;
    EXPECT_TRUE(enrolled.error().is(*kind)) << answer << enrolled.error().text();
  }
  EXPECT_EQ(load_enrolment(folder_.path()).value().agent_url, "https://old.example");
}

TEST_F(TlsLinkTest, ABatchIsDeliveredWithOurCertificateOverAKeptConnection) {
  std::string seen;
  const auto server = hub([&](const std::string& bytes) {
    seen = bytes;
    return http_answer(200, "{\"acked\": 7}\n");
  });
  const auto to_hub = link(server->url());
  EXPECT_EQ(to_hub->deliver(7, "batch bytes").outcome, Outcome::accepted);
  EXPECT_EQ(server->last_client(), "device");
  EXPECT_NE(seen.find("POST /agent/v1/batches HTTP/1.1\r\n"), std::string::npos);
  EXPECT_NE(seen.find("\r\n\r\nbatch bytes"), std::string::npos);
  EXPECT_EQ(to_hub->deliver(7, std::string(3 << 20, 'x')).outcome, Outcome::accepted);
  EXPECT_EQ(server->connections(), 1);
}

TEST_F(TlsLinkTest, EachAnswerHasItsMeaning) {
  std::string answer;
  const auto server = hub([&](const std::string&) { return answer; });
  const auto to_hub = link(server->url());
  const std::pair<std::string, Outcome> table[] = {
      {http_answer(200, "{\"acked\":1}"), Outcome::accepted},
      {http_answer(200, "{\"acked\":2}"), Outcome::later},
      {http_answer(200, "ok"), Outcome::later},
      {http_answer(204, ""), Outcome::later},
      {http_answer(400, "{}"), Outcome::refused_batch},
      {http_answer(413, "{}"), Outcome::refused_batch},
      {http_answer(401, "{}"), Outcome::refused_device},
      {http_answer(403, "{}"), Outcome::refused_device},
      {http_answer(404, "{}"), Outcome::later},
      {http_answer(429, "{}"), Outcome::later},
      {http_answer(500, "{}"), Outcome::later},
      {http_answer(503, "{}"), Outcome::later},
      {"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", Outcome::later},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'), Outcome::later},
      {http_answer(200, "{\"acked\":1}") + "and more", Outcome::later},
      {"", Outcome::later},
  };
  for (const auto& [text, want] : table) {
    answer = text;
    EXPECT_EQ(to_hub->deliver(1, "b").outcome, want) << text.substr(0, 60);
  }
  answer = "HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n";
  EXPECT_EQ(to_hub->deliver(1, "b").retry_after, std::chrono::seconds(9));
}

TEST_F(TlsLinkTest, AKeptConnectionThatDiedIsReplacedOnce) {
  std::atomic<int> requests{0};
  const auto server =
      hub([&](const std::string&) { return ++requests == 2 ? std::string() : http_answer(200, "{\"acked\":1}"); });
  const auto to_hub = link(server->url());
  EXPECT_EQ(to_hub->deliver(1, "b").outcome, Outcome::accepted);
  EXPECT_EQ(to_hub->deliver(1, "b").outcome, Outcome::accepted);
  EXPECT_EQ(requests, 3);
  EXPECT_EQ(server->connections(), 2);
}

TEST_F(TlsLinkTest, AnotherNameOrAnotherAuthorityIsNotOurHub) {
  const auto answers = [](const std::string&) { return http_answer(200, "{\"acked\":1}"); };
  const auto right = hub(answers);
  EXPECT_EQ(link(right->url(), patient, "hub.example")->deliver(1, "b").outcome, Outcome::accepted);
  const Delivery wrong_name = link(right->url(), patient, "another.example")->deliver(1, "b");
  EXPECT_EQ(wrong_name.outcome, Outcome::later);
  EXPECT_NE(wrong_name.detail.find("another.example"), std::string::npos);
  const TestAuthority other;
  const auto imposter = hub_of(other, server_names, answers, false);
  EXPECT_EQ(link(imposter->url())->deliver(1, "b").outcome, Outcome::later);
}

TEST_F(TlsLinkTest, AHubThatAnswersTooSlowlyIsGivenUp) {
  std::promise<void> release;
  auto released = release.get_future();
  const auto server = hub([&](const std::string&) {
    released.wait();
    return std::string();
  });
  const auto to_hub = link(server->url(), quick);
  const Duration begin = SystemClock().monotonic();
  EXPECT_EQ(to_hub->deliver(1, "b").outcome, Outcome::later);
  EXPECT_LT(SystemClock().monotonic() - begin, std::chrono::seconds(5));
  release.set_value();
}

TEST_F(TlsLinkTest, NobodyThereIsToldAtOnce) {
  std::string url;
  {
    const auto server = hub([](const std::string&) { return std::string(); });
    url = server->url();
  }
  const Delivery delivery = link(url)->deliver(1, "b");
  EXPECT_EQ(delivery.outcome, Outcome::later);
  EXPECT_NE(delivery.detail, "");
}

TEST_F(TlsLinkTest, AnInterruptEndsAWait) {
  std::promise<void> asked;
  std::promise<void> release;
  auto released = release.get_future();
  const auto server = hub([&](const std::string&) {
    asked.set_value();
    released.wait();
    return std::string();
  });
  const auto to_hub = link(server->url());
  std::thread other([&] {
    asked.get_future().wait();
    to_hub->interrupt();
  });
  EXPECT_EQ(to_hub->deliver(1, "b").outcome, Outcome::later);
  other.join();
  release.set_value();
}

TEST_F(TlsLinkTest, TheCertificateIsRenewedInItsLastThird) {
  std::atomic<int> renewals{0};
  const auto server = hub([&](const std::string& bytes) {
    if (bytes.find("POST /agent/v1/renew") == std::string::npos) return http_answer(200, "{\"acked\":1}");
    ++renewals;
    TestNames fresh = client_names;
    fresh.subject = "device renewed";
    const std::string certificate = authority_.sign(json_field(bytes, "csr"), fresh);
    std::string body = "{\"certificate\":\"";
    for (const char c : certificate) body += c == '\n' ? std::string("\\n") : std::string(1, c);
    return http_answer(200, body + "\"}");
  });
  TestNames old = client_names;
  old.begin = -std::chrono::hours(24 * 80);
  old.end = std::chrono::hours(24 * 10);
  const auto to_hub = link(server->url(), patient, "127.0.0.1", old);
  const auto renewed = to_hub->renew_when_due();
  ASSERT_TRUE(renewed) << renewed.error().text();
  EXPECT_EQ(renewals, 1);
  EXPECT_EQ(to_hub->deliver(1, "b").outcome, Outcome::accepted);
  EXPECT_EQ(server->last_client(), "device renewed");
  EXPECT_EQ(load_enrolment(folder_.path()).value(), to_hub->enrolment());
  to_hub->renew_when_due().value();
  EXPECT_EQ(renewals, 1) << "fresh";
}

TEST_F(TlsLinkTest, AFailedRenewalChangesNothingAndIsNotTriedAllTheTime) {
  std::atomic<int> requests{0};
  const auto server = hub([&](const std::string&) {
    ++requests;
    return http_answer(403, "{}");
  });
  TestNames old = client_names;
  old.begin = -std::chrono::hours(24 * 80);
  old.end = std::chrono::hours(24 * 10);
  const auto to_hub = link(server->url(), patient, "127.0.0.1", old);
  const Enrolment before = to_hub->enrolment();
  EXPECT_FALSE(to_hub->renew_when_due());
  EXPECT_TRUE(to_hub->renew_when_due());
  EXPECT_EQ(requests, 1);
  EXPECT_EQ(load_enrolment(folder_.path()).value(), before);
  clock_.advance(std::chrono::hours(1));
  EXPECT_FALSE(to_hub->renew_when_due());
}

TEST_F(TlsLinkTest, ANewEnrolmentWithTheSameHubIsTakenUpAfterARefusal) {
  std::atomic<bool> refuse{true};
  const auto server =
      hub([&](const std::string&) { return refuse ? http_answer(403, "{}") : http_answer(200, "{\"acked\":1}"); });
  const auto to_hub = link(server->url());
  EXPECT_EQ(to_hub->deliver(1, "b").outcome, Outcome::refused_device);
  TestNames fresh = client_names;
  fresh.subject = "enrolled again";
  link(server->url(), patient, "127.0.0.1", fresh);
  refuse = false;
  EXPECT_EQ(to_hub->deliver(1, "b").outcome, Outcome::accepted);
  EXPECT_EQ(server->last_client(), "enrolled again");
}

TEST_F(TlsLinkTest, AKeyThatDoesNotFitTheCertificateIsSaidAtTheStart) {
  link("https://127.0.0.1:1");
  std::filesystem::remove(folder_.path() / "agent.key");
  const auto opened = TlsLink::open(folder_.path(), clock_);
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().is(key_unusable));
}

}  // namespace
}  // namespace luy::agent
