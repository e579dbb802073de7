// A time-stamp service on loopback for tests: answers each connection once, as it is told.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <string>
#include <thread>

namespace luy::seal {

class StampServer {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;
  explicit StampServer(std::function<Response(const Request&)> answer)
      : answer_(std::move(answer)), thread_([this] { run(); }) {}
  ~StampServer() {
    // One more connection ends the wait for the next.
    stopping_ = true;
    boost::asio::ip::tcp::socket last(io_);
    boost::system::error_code ignored;
    last.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/tsa"; }

 private:
  void run() {
    for (;;) {
      boost::asio::ip::tcp::socket socket(io_);
      acceptor_.accept(socket);
      if (stopping_) return;
      boost::beast::flat_buffer buffer;
      Request request;
      boost::system::error_code error;
      boost::beast::http::read(socket, buffer, request, error);
      if (error) continue;
      Response response = answer_(request);
      response.prepare_payload();
      boost::beast::http::write(socket, response, error);
    }
  }

  std::function<Response(const Request&)> answer_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::make_address("127.0.0.1"), 0}};
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace luy::seal
