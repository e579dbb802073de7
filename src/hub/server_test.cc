// Goal: whatever a peer sends, at whatever pace, gets the right answer within its deadline and harms nobody else.
// Method: a raw client over TLS against a small service; deadlines are reached by moving a fake clock.
#include "hub/server.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>

#include "hub/ca.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

class TestService final : public Service {
 public:
  Admission admit(const Head& head, const Peer&) override {
    if (head.path == "/inline") return {ok("inline"), 0};
    return {std::nullopt, head.path == "/small" ? std::size_t{10} : std::size_t{1 << 20}};
  }
  void serve(HttpRequest request, Reply reply) override {
    if (request.head.path == "/throw") throw std::runtime_error("on purpose");
    if (request.head.path == "/forget") return;
    if (request.head.path == "/stream") return reply.stream(ok(""), events);
    if (request.head.path == "/until_gone") {
      std::unique_lock lock(mutex);
      ++held;
      changed.notify_all();
      const std::stop_callback wake(request.gone, [this] { changed.notify_all(); });
      went_away = changed.wait_for(lock, std::chrono::seconds(20), [&] { return request.gone.stop_requested(); });
      ended = true;
      changed.notify_all();
    }
    if (request.head.path == "/hold") {
      std::unique_lock lock(mutex);
      ++held;
      changed.notify_all();
      changed.wait(lock, [&] { return released; });
    }
    reply.send(ok(request.head.method + " " + request.head.path + " " + std::to_string(request.body.size())));
  }
  void decorate(api::Response& response) const override { response.headers.emplace_back("X-Test", "decorated"); }

  static api::Response ok(std::string body) {
    api::Response response;
    response.body = std::move(body);
    return response;
  }
  void await_held(int n) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return held >= n; });
  }
  void release() {
    const std::lock_guard lock(mutex);
    released = true;
    changed.notify_all();
  }

  std::shared_ptr<EventStream> events = std::make_shared<EventStream>();
  std::mutex mutex;
  std::condition_variable changed;
  void await_end() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ended; });
  }
  int held = 0;
  bool released = false;
  bool went_away = false;
  bool ended = false;
};

struct ServerTest : ::testing::Test {
  void start(ServerOptions options = {2, 8}) {
    const auto ca = std::move(Ca::open_or_create(folder.path() / "keys", system, random).value());
    ASSERT_TRUE(ca->refresh_server({"localhost", "127.0.0.1"}));
    ListenerOptions listener;
    listener.name = "console";
    listener.address = "127.0.0.1";
    listener.tls =
        make_tls_context(TlsProfile::console, {ca->server_certificate_file(), ca->server_key_file(), {}}).value();
    listener.service = &service;
    listener.limits = limits;
    server = std::move(Server::start({listener}, options, clock).value());
  }
  std::unique_ptr<TestClient> connect() { return std::make_unique<TestClient>(server->port(0), ClientOptions{}); }
  // Moves the clock until the server has acted on it; the server looks ten times a second.
  void pass(Duration time) { clock.advance(time); }

  TempFolder folder;
  SystemClock system;
  SystemRandom random;
  FakeClock clock{*from_rfc3339("2026-11-22T00:00:00Z")};
  Limits limits;
  TestService service;
  std::unique_ptr<Server> server;
};

const std::string get = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n";

TEST_F(ServerTest, AnswersRequestAfterRequestOnOneConnection) {
  start();
  const auto client = connect();
  ASSERT_TRUE(client->ok());
  for (int i = 0; i < 3; ++i) {
    const ClientResponse response = client->request(get);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "GET /a 0");
    EXPECT_EQ(response.header("x-test"), "decorated");
  }
  EXPECT_EQ(client->request("GET /inline HTTP/1.1\r\nHost: a\r\n\r\n").body, "inline");
  EXPECT_EQ(client->request("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello").body, "POST /a 5");
  EXPECT_EQ(server->counters(0).requests, 5U);
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  start();
  const auto client = connect();
  ASSERT_TRUE(client->send(
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + get));
  EXPECT_EQ(client->receive().body, "GET /1 0");
  EXPECT_EQ(client->receive().body, "POST /2 3");
  EXPECT_EQ(client->receive().body, "GET /a 0");
}

TEST_F(ServerTest, HeadHasALengthButNoBody) {
  start();
  const auto client = connect();
  ASSERT_TRUE(client->send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(client->receive(true).header("content-length"), "9");
  EXPECT_EQ(client->request(get).status, 200);
}

TEST_F(ServerTest, RefusalsHaveTheirStatusAJsonBodyAndEndTheConnection) {
  start();
  const struct {
    const char* name;
    std::string bytes;
    int status;
  } table[] = {
      {"garbage", "\x16\x03\x01 nonsense\r\n\r\n", 400},
      {"bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"TE and CL", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc", 400},
      {"TE", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411},
      {"too long a body", "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world", 413},
      {"absurd length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999\r\n\r\n", 413},
      {"too long a head", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 431},
      {"version", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
  };
  for (const auto& row : table) {
    const auto client = connect();
    const ClientResponse response = client->request(row.bytes);
    EXPECT_EQ(response.status, row.status) << row.name;
    EXPECT_NE(response.body.find(R"({"error":{"code":"http.)"), std::string::npos) << row.name << response.body;
    EXPECT_EQ(response.header("x-test"), "decorated") << row.name;
    EXPECT_EQ(response.header("connection"), "close") << row.name;
    EXPECT_TRUE(client->closed_by_peer()) << row.name;
  }
}

TEST_F(ServerTest, ABodyIsAskedForWithContinue) {
  start();
  const auto client = connect();
  ASSERT_TRUE(client->send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(client->receive(true).status, 100);
  EXPECT_EQ(client->request("hello").body, "POST /a 5");
  const auto refused = connect();
  EXPECT_EQ(
      refused->request("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n").status,
      413);
}

TEST_F(ServerTest, SlowHeadsAndBodiesAreCutOffWhileOthersAreServed) {
  start();
  const auto slow_head = connect();
  const auto slow_body = connect();
  const auto other = connect();
  ASSERT_TRUE(slow_head->send("GET / HTTP/1.1\r\nHost"));
  ASSERT_TRUE(slow_body->send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhel"));
  ASSERT_EQ(other->request(get).status, 200);  // Also: both of the above have been read by now.
  pass(limits.head / 2);
  ASSERT_TRUE(slow_head->send(": a\r\n"));  // Trickling does not buy time.
  ASSERT_EQ(other->request(get).status, 200);
  pass(limits.head / 2 + std::chrono::seconds(1));
  EXPECT_EQ(slow_head->receive().status, 408);
  EXPECT_EQ(other->request(get).status, 200);
  pass(limits.body);
  EXPECT_EQ(slow_body->receive().status, 408);
  EXPECT_EQ(server->counters(0).deadlines, 2U);
}

TEST_F(ServerTest, IdleConnectionsAndUnfinishedHandshakesEndAtTheirDeadline) {
  start();
  const auto idle = connect();
  ASSERT_EQ(idle->request(get).status, 200);
  ClientOptions plain;
  plain.tls = false;
  TestClient mute(server->port(0), plain);
  ASSERT_TRUE(mute.ok());
  ASSERT_EQ(idle->request(get).status, 200);
  pass(limits.handshake + std::chrono::seconds(1));
  EXPECT_TRUE(mute.closed_by_peer());
  pass(limits.idle);
  EXPECT_TRUE(idle->closed_by_peer());
}

TEST_F(ServerTest, AHalfClosedRequestIsStillAnswered) {
  start();
  const auto client = connect();
  ASSERT_TRUE(client->send(get));
  client->half_close();
  EXPECT_EQ(client->receive().status, 200);
  EXPECT_TRUE(client->closed_by_peer());
}

TEST_F(ServerTest, PlainHttpToTheTlsPortIsRefused) {
  start();
  ClientOptions plain;
  plain.tls = false;
  TestClient client(server->port(0), plain);
  ASSERT_TRUE(client.send(get));
  EXPECT_TRUE(client.closed_by_peer());
  EXPECT_EQ(server->counters(0).handshakes_failed, 1U);
}

TEST_F(ServerTest, AFailingServiceAnswers500) {
  start();
  const auto client = connect();
  EXPECT_EQ(client->request("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n").status, 500);
  EXPECT_EQ(client->request("GET /forget HTTP/1.1\r\nHost: a\r\n\r\n").status, 500);
  EXPECT_EQ(client->request(get).status, 200);
}

TEST_F(ServerTest, AFullQueueAnswers503AtOnce) {
  start({1, 1});
  const auto held = connect();
  ASSERT_TRUE(held->send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n"));
  service.await_held(1);
  const auto waiting = connect();
  ASSERT_TRUE(waiting->send(get));
  while (server->queued() == 0) std::this_thread::yield();
  const auto refused = connect();
  const ClientResponse response = refused->request(get);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.header("retry-after"), "2");
  EXPECT_EQ(refused->request("GET /inline HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  service.release();
  EXPECT_EQ(held->receive().status, 200);
  EXPECT_EQ(waiting->receive().status, 200);
}

TEST_F(ServerTest, AnAnswerThatDoesNotComeBecomes503) {
  start();
  const auto client = connect();
  ASSERT_TRUE(client->send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n"));
  service.await_held(1);
  pass(limits.answer + std::chrono::seconds(1));
  EXPECT_EQ(client->receive().status, 503);
  service.release();
}

TEST_F(ServerTest, ConnectionsBeyondTheLimitAreClosedUnheard) {
  limits.connections_per_address_max = 2;
  start();
  const auto a = connect();
  const auto b = connect();
  EXPECT_FALSE(connect()->ok());
  EXPECT_EQ(a->request(get).status, 200);
  EXPECT_EQ(b->request(get).status, 200);
  EXPECT_EQ(server->counters(0).refused_full, 1U);
}

TEST_F(ServerTest, EventsReachAStreamUntilItIsClosed) {
  start();
  const auto client = connect();
  ASSERT_TRUE(client->send("GET /stream HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 7\r\n\r\n"));
  EXPECT_NE(client->receive_until("retry:").find("text/event-stream"), std::string::npos);
  ASSERT_TRUE(service.events->push(event_frame("verdict", "8", R"({"a":1})")));
  EXPECT_NE(client->receive_until("\n\n").find("retry"), std::string::npos);
  EXPECT_NE(client->receive_until("\"a\":1").find("id: 8\nevent: verdict\ndata: {\"a\":1}\n\n"), std::string::npos);
  pass(limits.heartbeat);
  EXPECT_NE(client->receive_until(": alive").find(": alive"), std::string::npos);
  service.events->close();
  EXPECT_TRUE(client->closed_by_peer());
}

TEST_F(ServerTest, AStreamNoticesThatItsClientWentAway) {
  start();
  auto client = connect();
  ASSERT_TRUE(client->send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
  client->receive_until("retry:");
  EXPECT_EQ(server->counters(0).streams, 1);
  client.reset();
  while (!service.events->closed()) std::this_thread::yield();
}

TEST(EventStream, DropsAClientThatFallsBehind) {
  EventStream stream;
  const std::string frame(1000, 'x');
  std::size_t taken = 0;
  while (stream.push(frame)) ++taken;
  EXPECT_EQ(taken, stream_bytes_max / frame.size());
  EXPECT_TRUE(stream.closed());
  EXPECT_FALSE(stream.take().open);
}

TEST_F(ServerTest, StoppingLetsARequestFinishAndClosesTheRest) {
  start();
  const auto idle = connect();
  const auto streaming = connect();
  const auto busy = connect();
  ASSERT_EQ(idle->request(get).status, 200);
  ASSERT_TRUE(streaming->send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
  streaming->receive_until("retry:");
  ASSERT_TRUE(busy->send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n"));
  service.await_held(1);
  auto stopping = std::async(std::launch::async, [&] { server->stop(std::chrono::seconds(20)); });
  EXPECT_TRUE(idle->closed_by_peer());
  EXPECT_TRUE(streaming->closed_by_peer());
  service.release();
  const ClientResponse last = busy->receive();
  EXPECT_EQ(last.status, 200);
  EXPECT_EQ(last.header("connection"), "close");
  busy->half_close();
  stopping.get();
  EXPECT_FALSE(connect()->ok());
}

TEST_F(ServerTest, APortInUseIsNamed) {
  start();
  ListenerOptions second;
  second.name = "other";
  second.address = "127.0.0.1";
  second.port = server->port(0);
  second.service = &service;
  const auto failed = Server::start({second}, {}, clock);
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().is(port_in_use));
}

TEST_F(ServerTest, WhoWorksOnAnAnswerIsToldThatTheClientWentAway) {
  start();
  auto client = connect();
  ASSERT_TRUE(client->send("GET /until_gone HTTP/1.1\r\nHost: h\r\n\r\n"));
  service.await_held(1);
  client.reset();
  service.await_end();
  EXPECT_TRUE(service.went_away);
}

TEST_F(ServerTest, WhatIsSentBeforeTheAnswerIsTheNextRequest) {
  start();
  const auto client = connect();
  ASSERT_TRUE(client->send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n"));
  service.await_held(1);
  ASSERT_TRUE(client->send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n"));
  service.release();
  EXPECT_EQ(client->receive().body, "GET /hold 0");
  EXPECT_EQ(client->receive().body, "GET /next 0");
}

TEST_F(ServerTest, AReplyMayComeAfterTheServerIsGone) {
  std::optional<Reply> late;
  struct Keeper final : Service {
    explicit Keeper(std::optional<Reply>& out) : kept(out) {}
    Admission admit(const Head&, const Peer&) override { return {std::nullopt, 0}; }
    void serve(HttpRequest, Reply reply) override {
      kept.emplace(std::move(reply));
      arrived.set_value();
    }
    void decorate(api::Response&) const override {}
    std::optional<Reply>& kept;
    std::promise<void> arrived;
  } keeper(late);
  ListenerOptions listener;
  listener.address = "127.0.0.1";
  listener.service = &keeper;
  auto plain = std::move(Server::start({listener}, {1, 1}, clock).value());
  ClientOptions options;
  options.tls = false;
  TestClient client(plain->port(0), options);
  ASSERT_TRUE(client.send(get));
  keeper.arrived.get_future().wait();
  plain->stop(Duration{0});
  plain.reset();
  late->send(TestService::ok("too late"));
}

}  // namespace
}  // namespace luy::hub
