// Goal: a look finds what is there, ends when it should whatever the other side does, and goes nowhere it may not.
// Method: small servers of our own on free loopback ports, honest and hostile; DNS answers made by hand.
#include "hub/probe.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "base/encoding.h"
#include "base/file.h"
#include "base/utf8.h"
#include "hub/probe_dns.h"
#include "watch/page.h"

namespace luy::hub {
namespace {

using watch::Failure;
using watch::Kind;

// Answers each connection with what `serve` does; ends with its owner.
class LocalServer {
 public:
  explicit LocalServer(std::function<void(int)> serve) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    LUY_CHECK(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    LUY_CHECK(::listen(fd_.get(), 16) == 0);
    socklen_t size = sizeof address;
    ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    thread_ = std::thread([this, serve = std::move(serve)] {
      for (;;) {
        const UniqueFd peer(::accept(fd_.get(), nullptr, nullptr));
        if (!peer || stopping_) return;
        ++connections;
        timeval most{.tv_sec = 5, .tv_usec = 0};
        ::setsockopt(peer.get(), SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
        serve(peer.get());
      }
    });
  }
  ~LocalServer() {
    stopping_ = true;
    ::shutdown(fd_.get(), SHUT_RDWR);
    thread_.join();
  }
  std::uint16_t port = 0;
  std::atomic<int> connections{0};

 private:
  UniqueFd fd_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

bool put(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}
std::string head_of(int fd) {
  std::string out;
  char c = 0;
  while (out.find("\r\n\r\n") == std::string::npos && ::recv(fd, &c, 1, 0) == 1) out += c;
  return out;
}
std::function<void(int)> answers(std::string text) {
  return [text = std::move(text)](int fd) {
    head_of(fd);
    put(fd, text);
  };
}

class ProbeTest : public ::testing::Test {
 protected:
  ProbeTest() {
    ::signal(SIGPIPE, SIG_IGN);  // As the hub does.
    rules.loopback = true;
    rules.whole = std::chrono::seconds(8);
  }
  watch::Probe look(Kind kind, const std::string& target) {
    watch::Service service;
    service.kind = kind;
    service.target = target;
    service.redirect_hosts = redirect_hosts;
    return look_at(service, rules, clock, stop);
  }
  watch::Probe page(const LocalServer& server, const std::string& path = "/") {
    return look(Kind::http, "http://127.0.0.1:" + std::to_string(server.port) + path);
  }
  SystemClock clock;
  ProbeRules rules;
  std::atomic<bool> stop{false};
  std::vector<std::string> redirect_hosts;
};

TEST_F(ProbeTest, ReadsAPageHoweverItIsSent) {
  const struct {
    const char* name;
    std::string answer;
  } table[] = {
      {"by length", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nXin c"},
      {"in chunks",
       "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nXin\r\n2\r\n "
       "c\r\n0\r\n\r\n"},
      {"to the end", "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nXin c"},
  };
  for (const auto& row : table) {
    LocalServer server(answers(row.answer));
    const watch::Probe probe = page(server);
    EXPECT_EQ(probe.failure, Failure::none) << row.name << " " << probe.detail;
    EXPECT_EQ(probe.content, "Xin c") << row.name;
    EXPECT_EQ(probe.content_type, "text/html");
    EXPECT_TRUE(probe.latency);
    EXPECT_FALSE(probe.content_cut);
  }
}

TEST_F(ProbeTest, NamesWhatIsWrong) {
  const struct {
    const char* name;
    std::string answer;
    Failure want;
  } table[] = {
      {"an error", "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", Failure::http_error},
      {"gone", "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", Failure::http_error},
      {"no protocol", "SSH-2.0-OpenSSH\r\n\r\n", Failure::bad_answer},
      {"nothing", "", Failure::bad_answer},
      {"half a head", "HTTP/1.1 200 OK\r\nConte", Failure::bad_answer},
      {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", Failure::bad_answer},
      {"bad chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Failure::bad_answer},
      {"an endless head",
       "HTTP/1.1 200 OK\r\n" +
           [] {
             std::string s;
             for (int i = 0; i < 20'000; ++i) s += "X-Y: aaaaaaaa\r\n";
             return s;
           }(),
       Failure::bad_answer},
      {"a redirect away", "HTTP/1.1 302 F\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n",
       Failure::redirected_away},
      {"a redirect to a file", "HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
       Failure::redirected_away},
      {"a redirect of no text", "HTTP/1.1 302 F\r\nLocation: http://evil.example/\xc3\r\nContent-Length: 0\r\n\r\n",
       Failure::redirected_away},
      {"an endless redirect", "HTTP/1.1 302 F\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
       Failure::too_many_redirects},
  };
  for (const auto& row : table) {
    LocalServer server(answers(row.answer));
    const watch::Probe probe = page(server);
    EXPECT_EQ(probe.failure, row.want) << row.name;
    EXPECT_TRUE(is_utf8(probe.detail)) << row.name;
    EXPECT_LE(server.connections, probe_redirects_max + 1) << row.name;
  }
}

TEST_F(ProbeTest, TakesLittleOfAnAnswerThatNeverEnds) {
  for (const char* begin : {"1;", "0\r\nX-Y: "}) {
    std::atomic<std::size_t> sent{0};
    LocalServer server([&](int fd) {
      head_of(fd);
      bool taken = put(fd, std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") + begin);
      const std::string more(64 << 10, 'a');
      for (; taken && sent < (64U << 20); sent += more.size()) taken = put(fd, more);
    });
    EXPECT_EQ(page(server).failure, Failure::bad_answer) << begin;
    EXPECT_LT(sent, 16U << 20) << begin;
  }
}

TEST_F(ProbeTest, FollowsWithinTheHostAndToRegisteredOnes) {
  LocalServer server([](int fd) {
    const bool first = head_of(fd).starts_with("GET / ");
    put(fd, first ? "HTTP/1.1 301 M\r\nLocation: /trang-chu\r\nContent-Length: 0\r\n\r\n"
                  : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  EXPECT_EQ(page(server).content, "ok");
  LocalServer away(answers("HTTP/1.1 301 M\r\nLocation: http://localhost:" + std::to_string(server.port) +
                           "/a\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_EQ(page(away).failure, Failure::redirected_away);
  redirect_hosts = {"localhost"};
  EXPECT_EQ(page(away).content, "ok");
}

TEST_F(ProbeTest, ReadsTwoMegabytesOfSixtyFour) {
  std::atomic<std::size_t> sent{0};
  LocalServer server([&](int fd) {
    head_of(fd);
    put(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 67108864\r\n\r\n");
    const std::string part(1 << 20, 'a');
    for (int i = 0; i < 64 && put(fd, part); ++i) sent += part.size();
  });
  const watch::Probe probe = page(server);
  EXPECT_EQ(probe.failure, Failure::none);
  ASSERT_TRUE(probe.content);
  EXPECT_EQ(probe.content->size(), watch::page_bytes_max);
  EXPECT_TRUE(probe.content_cut);
}

TEST_F(ProbeTest, WhoDripsIsGivenUpAtTheDeadline) {
  rules.whole = std::chrono::milliseconds(700);
  LocalServer server([&](int fd) {
    head_of(fd);
    put(fd, "HTTP/1.1 200 OK\r\nX: ");
    for (int i = 0; i < 100 && put(fd, "a"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  const Duration begun = clock.monotonic();
  EXPECT_EQ(page(server).failure, Failure::timed_out);
  EXPECT_LT(clock.monotonic() - begun, std::chrono::seconds(5));
}

TEST_F(ProbeTest, StopsWhenTheHubDoes) {
  LocalServer server([&](int fd) {
    head_of(fd);
    char c = 0;
    static_cast<void>(::recv(fd, &c, 1, 0));
  });
  rules.whole = std::chrono::seconds(60);
  std::thread ending([&] {
    while (server.connections == 0) std::this_thread::yield();
    stop = true;
  });
  const Duration begun = clock.monotonic();
  page(server);
  EXPECT_LT(clock.monotonic() - begun, std::chrono::seconds(10));
  ending.join();
}

TEST_F(ProbeTest, NeverLooksAtTheHubItself) {
  LocalServer server(answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  rules.own_ports = {server.port};
  EXPECT_EQ(page(server).failure, Failure::address_refused) << "not even where tests allow loopback";
  rules.own_ports.clear();
  rules.loopback = false;
  const std::string port = std::to_string(server.port);
  for (const std::string& target :
       {"http://127.0.0.1:" + port, "http://localhost:" + port, "http://[::1]:" + port,
        "http://[::ffff:127.0.0.1]:" + port, std::string("http://169.254.169.254/latest/meta-data"),
        "http://0.0.0.0:" + port, "http://0x7f000001:" + port, "http://2130706433:" + port}) {
    EXPECT_EQ(look(Kind::http, target).failure, Failure::address_refused) << target;
  }
  EXPECT_EQ(look(Kind::tcp, "127.0.0.1:" + port).failure, Failure::address_refused);
  EXPECT_EQ(look(Kind::icmp, "127.0.0.1").failure, Failure::address_refused);
  EXPECT_EQ(look(Kind::dns, "a.vn@127.0.0.1").failure, Failure::address_refused);
  // The same in the town's network: 198.51.100.7 is this machine.
  rules.own_addresses = [] { return std::set<std::string>{"\xc6\x33\x64\x07"}; };
  EXPECT_EQ(look(Kind::http, "http://198.51.100.7:" + port).failure, Failure::address_refused);
  EXPECT_EQ(look(Kind::http, "http://[::ffff:198.51.100.7]:" + port).failure, Failure::address_refused);
  rules.loopback = true;
  rules.own_ports = {server.port};
  EXPECT_EQ(look(Kind::tcp, "198.51.100.7:" + port).failure, Failure::address_refused);
  EXPECT_EQ(server.connections, 0);
  EXPECT_TRUE(interface_addresses().contains(std::string("\x7f\0\0\1", 4))) << "every machine has loopback";
}

TEST_F(ProbeTest, TcpTlsAndIcmp) {
  LocalServer server([](int) {});
  const std::string at = "127.0.0.1:" + std::to_string(server.port);
  EXPECT_EQ(look(Kind::tcp, at).failure, Failure::none);
  EXPECT_EQ(look(Kind::tls, at).failure, Failure::tls_failed);
  UniqueFd closed(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(closed.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  socklen_t size = sizeof address;
  ::getsockname(closed.get(), reinterpret_cast<sockaddr*>(&address), &size);
  EXPECT_EQ(look(Kind::tcp, "127.0.0.1:" + std::to_string(ntohs(address.sin_port))).failure, Failure::refused);
  const watch::Probe ping = look(Kind::icmp, "127.0.0.1");
  EXPECT_TRUE(ping.failure == Failure::none || ping.failure == Failure::not_permitted) << name_of(ping.failure);
}

std::string dns_reply(std::string_view question, std::uint16_t flags, std::string_view records, std::uint16_t count) {
  std::string out(question.substr(0, 2));
  put_u16(out, flags);
  put_u16(out, 1);
  put_u16(out, count);
  put_u32(out, 0);
  out += question.substr(12);
  return out + std::string(records);
}

TEST(Dns, OnlySoundAnswersToTheQuestionCount) {
  const std::string question = dns_question(7, "a.vn", dns_a);
  const std::string record("\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x0a\x00\x00\x01", 16);
  const auto answer = dns_answer(dns_reply(question, 0x8180, record + record, 2), question);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->addresses, std::set<std::string>{"10.0.0.1"});
  EXPECT_EQ(dns_answer(dns_reply(question, 0x8183, "", 0), question)->code, 3U);
  EXPECT_FALSE(dns_answer(dns_reply(dns_question(8, "a.vn", dns_a), 0x8180, record, 1), question)) << "another's id";
  EXPECT_FALSE(dns_answer(dns_reply(dns_question(7, "b.vn", dns_a), 0x8180, record, 1), question));
  EXPECT_FALSE(dns_answer(dns_reply(question, 0x0180, record, 1), question)) << "no answer";
  const std::string whole = dns_reply(question, 0x8180, record, 1);
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_FALSE(dns_answer(whole.substr(0, n), question)) << n;
  // A name that points at itself ends.
  EXPECT_TRUE(dns_answer(dns_reply(question, 0x8180, std::string("\xc0\x0c", 2) + record.substr(2), 1), question));
  EXPECT_FALSE(dns_answer(dns_reply(question, 0x8180, std::string(4000, '\x01'), 9), question));
  for (const char* bad : {"", ".", "a..b"}) EXPECT_TRUE(dns_question(1, bad, dns_a).empty()) << bad;
  EXPECT_TRUE(dns_question(1, std::string(64, 'a') + ".vn", dns_a).empty());
}

}  // namespace
}  // namespace luy::hub
