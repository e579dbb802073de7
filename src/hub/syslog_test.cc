// Goal: what a sender without an agent says reaches the writer whole and in order, under its device; a full store is
// waited for, an unwilling one is not; who is too fast or unknown costs the others nothing.
// Method: real sockets on free ports, the real book in a folder of its own, a store in memory that fails on demand.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "hub/memory_store.h"
#include "hub/server.h"
#include "hub/syslog_ports.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

struct SyslogTest : ::testing::Test {
  SyslogTest() {
    database = std::move(*records::open_sqlite(folder.path() / "records.db", intake::migrations()));
    book = std::move(*intake::SenderBook::open(*database, clock, random));
    writer.start();
  }
  ~SyslogTest() override {
    if (ports) ports->stop();
    store.hold(false);
    writer.stop();
  }
  void open(std::uint64_t rate = rate_default) {
    Reception::Dependencies of_reception{*book, desk, clock, {}, rate};
    of_reception.agency_of = [this](const DeviceId&) { return std::optional(agency); };
    reception = std::make_unique<Reception>(std::move(of_reception));
    SyslogOptions options;
    options.udp = 0;
    options.tcp = 0;
    ports = std::move(*SyslogPorts::start(options, *reception, clock));
  }
  SenderId approve(const std::string& address) {
    const SenderId id = book->meet(intake::SenderKind::address, address, "")->id;
    const auto act = [&](records::Connection& c) { return book->approve_in(c, id, device, "quantri"); };
    EXPECT_TRUE(database->write(act));
    EXPECT_TRUE(book->refresh(id));
    return id;
  }
  UniqueFd connect(int type, std::uint16_t port) {
    UniqueFd fd(::socket(AF_INET, type, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    return fd;
  }
  static void send(const UniqueFd& fd, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      ASSERT_GT(n, 0);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  std::size_t stored() {
    const std::lock_guard lock(store.mutex);
    return store.sources.size();
  }
  // Whether it becomes true within a minute.
  template <class Condition>
  bool soon(Condition&& condition) {
    for (int i = 0; i < 12'000; ++i) {
      if (condition()) return true;
      desk.tick();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

  TempFolder folder;
  SystemClock clock;
  SystemRandom random;
  MemoryStore store;
  EvidenceWriter writer{store, clock, 90, [](const auto&, const auto&) {}};
  IntakeDesk desk{writer, random};
  std::unique_ptr<records::Database> database;
  std::unique_ptr<intake::SenderBook> book;
  std::unique_ptr<Reception> reception;
  std::unique_ptr<SyslogPorts> ports;
  AgencyId agency = AgencyId::make(clock.now(), random);
  DeviceId device = DeviceId::make(clock.now(), random);
};

TEST_F(SyslogTest, LinesAreFiledUnderTheDeviceOfTheirSender) {
  open();
  const SenderId id = approve("127.0.0.1");
  send(connect(SOCK_STREAM, *ports->tcp_port()), "<34>a\n5 <34>b<34>last without its end");
  send(connect(SOCK_DGRAM, *ports->udp_port()), "<34>datagram");
  ASSERT_TRUE(soon([&] { return stored() == 4; }));
  std::multiset<std::string> streams;
  for (const std::string& source : store.sources) {
    EXPECT_TRUE(source.starts_with(agency.text() + "/" + device.text() + "/")) << source;
    streams.insert(source.substr(source.rfind('/') + 1));
  }
  EXPECT_EQ(streams, (std::multiset<std::string>{"tcp", "tcp", "tcp", "udp"}));
  EXPECT_EQ(book->find(id)->records, 4U);
}

TEST_F(SyslogTest, AFullStoreIsWaitedForAndNothingOfAStreamIsLost) {
  open(1'000'000);
  approve("127.0.0.1");
  store.full = true;
  constexpr std::size_t lines = 60'000;
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) text += "<34>" + std::string(300, 'x') + "\n";
  std::thread sender([&] { send(connect(SOCK_STREAM, *ports->tcp_port()), text); });
  ASSERT_TRUE(soon([&] { return writer.counters().failures > 3; }));
  EXPECT_EQ(stored(), 0U);
  EXPECT_LE(desk.waiting_bytes(), desk_bytes_max);
  store.full = false;
  const bool all = soon([&] { return stored() == lines; });
  sender.join();
  EXPECT_TRUE(all) << stored();
}

TEST_F(SyslogTest, ARecordTheStoreNeverTakesStopsNothingBehindIt) {
  open();
  approve("127.0.0.1");
  const UniqueFd stream = connect(SOCK_STREAM, *ports->tcp_port());
  send(stream, "bad\n");
  ASSERT_TRUE(soon([&] { return desk.refused() == 1; }));
  send(stream, "good\n");
  EXPECT_TRUE(soon([&] { return stored() == 1; }));
}

TEST_F(SyslogTest, AnUnknownSenderWaitsAndTheKnownOneIsServed) {
  open();
  send(connect(SOCK_DGRAM, *ports->udp_port()), "<34>who am I");
  ASSERT_TRUE(soon([&] { return book->all().size() == 1 && !book->samples(book->all()[0].id)->empty(); }));
  EXPECT_EQ(book->all()[0].key, "127.0.0.1");
  EXPECT_EQ(stored(), 0U);
}

TEST_F(SyslogTest, StreamsBeyondTheRateWaitAndDatagramsBeyondItAreCounted) {
  open(100);
  const SenderId id = approve("127.0.0.1");
  const UniqueFd stream = connect(SOCK_STREAM, *ports->tcp_port());
  std::string text;
  for (int i = 0; i < 300; ++i) text += "<34>line\n";
  send(stream, text);
  ASSERT_TRUE(soon([&] { return stored() == 300; }));
  EXPECT_EQ(book->find(id)->dropped, 0U);
  const UniqueFd datagrams = connect(SOCK_DGRAM, *ports->udp_port());
  for (int i = 0; i < 100; ++i) send(datagrams, "<34>x");
  ASSERT_TRUE(soon([&] {
    send(datagrams, "<34>y");
    return book->find(id)->dropped > 0;
  }));
}

TEST_F(SyslogTest, WhatWasReadIsStoredBeforeTheEnd) {
  open();
  approve("127.0.0.1");
  const UniqueFd stream = connect(SOCK_STREAM, *ports->tcp_port());
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "<34>line\n";
  send(stream, text);
  ASSERT_TRUE(soon([&] { return ports->counters().open == 1; }));
  ports->stop();
  EXPECT_TRUE(desk.drain(std::chrono::seconds(10)));
  EXPECT_EQ(stored(), 5'000U);
}

TEST_F(SyslogTest, APortThatIsTakenIsNamed) {
  open();
  SyslogOptions options;
  options.tcp = *ports->tcp_port();
  const auto second = SyslogPorts::start(options, *reception, clock);
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().is(port_in_use));
  options.listen = "everywhere";
  EXPECT_TRUE(SyslogPorts::start(options, *reception, clock).error().is(listen_failed));
}

}  // namespace
}  // namespace luy::hub
