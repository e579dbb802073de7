// A look at a page: GET, redirects within the registered hosts, the first two megabytes of what is shown.
#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "base/vietnamese.h"
#include "hub/probe_link.h"
#include "watch/page.h"

namespace luy::hub {
namespace {

namespace beast_http = boost::beast::http;
using watch::Failure;
using watch::Probe;
using watch::Target;

struct Answer {
  int status = 0;
  std::string location;
  std::string content_type;
  std::string body;
  bool cut = false;
};

// Beast's parser of one response; bytes in, an Answer out.
class Reader {
 public:
  Reader() {
    parser_.header_limit(probe_head_bytes_max);
    parser_.body_limit(boost::none);  // Bounded here: what is too long is cut, not refused.
  }

  // False when there is nothing more to read: done, cut, or wrong (`trouble`).
  bool take(std::string_view bytes, MaybeTrouble& trouble) {
    pending_ += bytes;
    while (!pending_.empty() && !parser_.is_done()) {
      boost::system::error_code error;
      if (parser_.is_header_done()) offer();
      const std::size_t used = parser_.put(boost::asio::buffer(pending_), error);
      pending_.erase(0, used);
      if (parser_.is_header_done()) collect();
      if (answer_.cut) return false;
      if (error == beast_http::error::need_buffer) continue;
      if (error == beast_http::error::need_more) {
        // Extensions and trailers of chunks have no limit in the parser.
        if (pending_.size() <= probe_head_bytes_max) return true;
        trouble = Trouble{Failure::bad_answer, "a line is too long"};
        return false;
      }
      if (error) {
        trouble = Trouble{Failure::bad_answer, error.message()};
        return false;
      }
      if (used == 0) return true;
    }
    return !parser_.is_done();
  }
  MaybeTrouble end() {
    boost::system::error_code error;
    if (!parser_.is_header_done()) return Trouble{Failure::bad_answer, "the connection ended too early"};
    if (!parser_.is_done()) {
      offer();
      parser_.put_eof(error);
      collect();
    }
    if (error && error != beast_http::error::need_buffer) return Trouble{Failure::bad_answer, error.message()};
    return std::nullopt;
  }
  Answer finish() {
    const auto& head = parser_.get();
    answer_.status = static_cast<int>(head.result_int());
    const auto field = [&](beast_http::field name) {
      const auto text = head[name];
      return std::string(text.data(), text.size());
    };
    answer_.location = field(beast_http::field::location);
    answer_.content_type = field(beast_http::field::content_type);
    return std::move(answer_);
  }

 private:
  void offer() {
    parser_.get().body().data = buffer_.data();
    parser_.get().body().size = buffer_.size();
    parser_.get().body().more = true;
    offered_ = true;
  }
  void collect() {
    if (!offered_) return;
    offered_ = false;
    const std::size_t filled = buffer_.size() - parser_.get().body().size;
    const std::size_t room = watch::page_bytes_max - answer_.body.size();
    answer_.body.append(buffer_.data(), std::min(filled, room));
    answer_.cut = filled > room;
  }

  beast_http::response_parser<beast_http::buffer_body> parser_;
  std::array<char, 16384> buffer_{};
  bool offered_ = false;
  std::string pending_;
  Answer answer_;
};

std::string request_for(const Target& target) {
  return "GET " + target.path + " HTTP/1.1\r\nHost: " + authority_of(target) +
         "\r\nUser-Agent: luy-hub\r\nAccept: text/html,*/*;q=0.5\r\nAccept-Encoding: identity\r\n"
         "Accept-Language: vi,en;q=0.5\r\nConnection: close\r\n\r\n";
}

MaybeTrouble get(const Target& target, const ProbeRules& rules, const ProbeTime& time, Probe& probe, Answer& answer) {
  const Duration begun = time.clock().monotonic();
  ProbeLink link(rules, time);
  if (auto trouble = link.connect(target.host, target.port)) return trouble;
  if (target.tls) {
    if (auto trouble = link.start_tls(target.host)) return trouble;
    probe.certificate = link.certificate();
  }
  if (auto trouble = link.write(request_for(target))) return trouble;
  Reader reader;
  std::array<char, 16384> buffer{};
  bool first = true;
  for (;;) {
    std::size_t size = 0;
    if (auto trouble = link.read(buffer, size)) return trouble;
    if (std::exchange(first, false)) {
      probe.latency = probe.latency.value_or(Duration{0}) + time.clock().monotonic() - begun;
    }
    if (size == 0) {
      if (auto trouble = reader.end()) return trouble;
      break;
    }
    MaybeTrouble trouble;
    if (!reader.take({buffer.data(), size}, trouble)) {
      if (trouble) return trouble;
      break;
    }
  }
  answer = reader.finish();
  return std::nullopt;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

MaybeTrouble follow(const watch::Service& service, const ProbeRules& rules, const ProbeTime& time, Probe& probe) {
  auto target = watch::parse_target(service.kind, service.target);
  if (!target) return Trouble{Failure::bad_answer, target.error().detail()};
  const std::string own = target->host;
  for (int hops = 0; hops <= probe_redirects_max; ++hops) {
    Answer answer;
    if (auto trouble = get(*target, rules, time, probe, answer)) return trouble;
    if (is_redirect(answer.status) && !answer.location.empty()) {
      auto next = watch::resolve_redirect(*target, answer.location);
      const auto& hosts = service.redirect_hosts;
      const bool allowed =
          next && (next->host == own || std::find(hosts.begin(), hosts.end(), next->host) != hosts.end());
      if (!allowed) return Trouble{Failure::redirected_away, answer.location.substr(0, 200)};
      target = std::move(next);
      continue;
    }
    const bool wrong = answer.status >= 500 || answer.status == 404 || answer.status == 410;
    if (wrong) return Trouble{Failure::http_error, "HTTP " + std::to_string(answer.status)};
    probe.content = std::move(answer.body);
    probe.content_type = std::move(answer.content_type);
    probe.content_cut = answer.cut;
    return std::nullopt;
  }
  return Trouble{Failure::too_many_redirects, std::to_string(probe_redirects_max)};
}

}  // namespace

void look_http(const watch::Service& service, const ProbeRules& rules, const ProbeTime& time, Probe& probe) {
  if (auto trouble = follow(service, rules, time, probe)) {
    probe.failure = trouble->failure;
    probe.detail = std::move(trouble->detail);
    probe.latency.reset();
    probe.content.reset();
  }
}

}  // namespace luy::hub
