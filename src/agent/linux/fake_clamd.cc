#include "agent/linux/fake_clamd.h"

#include "agent/linux/signature_files.h"
#include "base/encoding.h"
#include "base/hash.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <vector>

#include "base/check.h"

namespace luy::agent {
namespace {

std::string bytes_of(int fd) {
  std::string out(1 << 20, '\0');
  const ssize_t n = ::pread(fd, out.data(), out.size(), 0);
  out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return out;
}

}  // namespace

void FakeClamd::start() {
  ::unlink(path_.c_str());
  stopping_ = false;
  listening_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  LUY_CHECK(path_.size() < sizeof address.sun_path);
  std::memcpy(address.sun_path, path_.data(), path_.size());
  LUY_CHECK(::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  LUY_CHECK(::listen(listening_.get(), 16) == 0);
  thread_ = std::thread([this] { serve(); });
}

void FakeClamd::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  thread_.join();
  listening_ = UniqueFd();
  ::unlink(path_.c_str());
}

// One thread for all: connections take turns, a message at a time.
void FakeClamd::serve() {
  std::vector<UniqueFd> open;
  while (!stopping_) {
    std::vector<pollfd> wait{{listening_.get(), POLLIN, 0}};
    for (const UniqueFd& fd : open) wait.push_back({fd.get(), POLLIN, 0});
    if (::poll(wait.data(), wait.size(), 20) <= 0) continue;
    for (std::size_t i = 1; i < wait.size(); ++i) {
      if (wait[i].revents == 0 || silent_) continue;
      const int fd = wait[i].fd;
      char byte = 0;
      if (::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0) {
        open[i - 1] = UniqueFd();
      } else {
        talk(fd);
      }
    }
    if (wait[0].revents != 0) open.emplace_back(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    std::erase_if(open, [](const UniqueFd& fd) { return !fd; });
  }
}

void FakeClamd::take_stream(int fd) {
  std::string content;
  const auto say = [&](std::string_view text) {
    std::string line(text);
    line += '\0';
    static_cast<void>(::send(fd, line.data(), line.size(), MSG_NOSIGNAL));
  };
  for (;;) {
    std::array<unsigned char, 4> head{};
    if (::recv(fd, head.data(), head.size(), MSG_WAITALL) != 4) return;
    const std::size_t size =
        std::size_t{head[0]} << 24U | std::size_t{head[1]} << 16U | std::size_t{head[2]} << 8U | std::size_t{head[3]};
    if (size == 0) break;
    if (content.size() + size > stream_bytes_max_) {
      say("1: INSTREAM size limit exceeded. ERROR");
      ::shutdown(fd, SHUT_RDWR);
      return;
    }
    const std::size_t at = content.size();
    content.resize(at + size);
    if (::recv(fd, content.data() + at, size, MSG_WAITALL) != static_cast<ssize_t>(size)) return;
  }
  ++streamed_;
  if (content.find(deadly_text) != std::string::npos) {
    ::shutdown(fd, SHUT_RDWR);
    return;
  }
  say(content.find(infected_text) != std::string::npos ? "1: stream: Fake.Evil FOUND" : "1: stream: OK");
}

// A command up to its zero byte; of FILDES the byte with the descriptor, too.
void FakeClamd::load() {
  std::string mark;
  std::string version = "1";
  std::error_code error;
  for (std::filesystem::directory_iterator it(databases_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const auto text = read_file(it->path(), 1 << 20);
    if (!text || name.find(".luy-") != std::string::npos) continue;
    if (text->find(deadly_text) != std::string::npos) return;
    if (name == mark_name) mark = text->substr(0, 64);
    if (const auto head = database_head(*text); head && official_base(name) == "daily") {
      version = std::to_string(head->version);
    }
  }
  mark_ = mark;
  version_ = version;
}

void FakeClamd::talk(int fd) {
  std::string command;
  char byte = 0;
  while (::read(fd, &byte, 1) == 1 && byte != '\0') command += byte;
  const auto say = [&](std::string_view text) {
    std::string line(text);
    line += '\0';
    static_cast<void>(::send(fd, line.data(), line.size(), MSG_NOSIGNAL));
  };
  if (command == "zPING") return say("PONG");
  if (command == "zVERSION") return say("ClamAV 9.9.9/" + version_ + "/Sun Nov 22 01:02:03 2026");
  if (command == "zRELOAD") {
    ++reloads_;
    if (!databases_.empty()) load();
    return say("RELOADING");
  }
  if (command == "zINSTREAM") return take_stream(fd);
  if (command != "zFILDES") return;
  iovec part{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.data();
  message.msg_controllen = space.size();
  if (::recvmsg(fd, &message, MSG_CMSG_CLOEXEC) != 1 || CMSG_FIRSTHDR(&message) == nullptr) return;
  int given = -1;
  std::memcpy(&given, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof given);
  const UniqueFd file(given);
  if (loses_) {
    ::shutdown(fd, SHUT_RDWR);
    return;
  }
  const std::string bytes = bytes_of(file.get());
  ++files_;
  if (bytes.find(deadly_text) != std::string::npos) {
    ::shutdown(fd, SHUT_RDWR);
    return;
  }
  if (!mark_.empty() && to_hex(sha256(bytes)) == mark_) return say("1: fd[9]: Luy.Mark.UNOFFICIAL FOUND");
  if (bytes.find(locked_text) != std::string::npos) return say("1: fd[9]: Access denied. ERROR");
  say(bytes.find(infected_text) != std::string::npos ? "1: fd[9]: Fake.Evil FOUND" : "1: fd[9]: OK");
}

}  // namespace luy::agent
