#include "agent/linux/clamd.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "agent/linux/text.h"

namespace luy::agent {
namespace {

constexpr std::size_t answer_bytes_max = 64 << 10;  // A path of the archive's inside may stand in it.
constexpr std::size_t config_bytes_max = 1 << 20;
constexpr std::size_t chunk_bytes = 64 << 10;

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// One byte with the descriptor beside it.
bool send_descriptor(int socket, int fd) {
  char byte = 0;
  iovec part{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.data();
  message.msg_controllen = space.size();
  cmsghdr* const head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(head), &fd, sizeof fd);
  for (;;) {
    const ssize_t n = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    if (n >= 0 || errno != EINTR) return n == 1;
  }
}

}  // namespace

std::string database_directory(std::string_view config) {
  std::string found = "/var/lib/clamav";
  for (const std::string_view line : lines(config)) {
    if (const auto path = after(line, "DatabaseDirectory "); path && path->starts_with('/')) found = *path;
  }
  return found;
}

std::filesystem::path database_folder(const std::filesystem::path& root) {
  const auto text = read_file(root / "etc/clamav/clamd.conf", config_bytes_max);
  return root / database_directory(text ? *text : std::string()).substr(1);
}

std::string clamd_socket(const std::filesystem::path& root) {
  const auto text = read_file(root / "etc/clamav/clamd.conf", config_bytes_max);
  std::string found = "/var/run/clamav/clamd.ctl";
  for (const std::string_view line : lines(text ? std::string_view(*text) : std::string_view())) {
    if (const auto path = after(line, "LocalSocket "); path && path->starts_with('/')) found = *path;
  }
  return (root / found.substr(1)).string();
}

Error Clamd::silent(std::string_view why) const {
  return Error(clamd_silent, socket_ + ": " + std::string(why));
}

Result<UniqueFd> Clamd::connect() const {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  if (!fd || socket_.size() >= sizeof address.sun_path) return silent("socket");
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  // Its queue may be full while it reads its databases: then connecting waits, too.
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(deadlines_.connect).count();
  const timeval limit{seconds > 0 ? seconds : 1, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return silent(std::strerror(errno));
  }
  return fd;
}

// Up to the next zero byte.
Result<std::string> Clamd::answer(int fd, Duration time) const {
  std::string out;
  std::array<char, 4096> buffer{};
  const auto millis = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(time).count());
  for (;;) {
    pollfd wait{fd, POLLIN, 0};
    const int ready = ::poll(&wait, 1, millis);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return silent("no answer in time");
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return silent("it closed the connection");
    out.append(buffer.data(), static_cast<std::size_t>(n));
    // One question is asked at a time, so nothing can stand behind the end.
    if (out.back() == '\0') break;
    if (out.size() > answer_bytes_max) return silent("an endless answer");
  }
  out.pop_back();
  return out;
}

Result<std::string> Clamd::ask(std::string_view command) const {
  LUY_TRY(const UniqueFd fd, connect());
  std::string question = "z" + std::string(command);
  question += '\0';
  if (!send_all(fd.get(), question)) return silent(std::strerror(errno));
  return answer(fd.get(), deadlines_.connect);
}

Result<void> Clamd::ready() {
  LUY_TRY(const std::string said, ask("PING"));
  if (said != "PONG") return silent(said);
  return {};
}

Result<void> Clamd::reload() {
  LUY_TRY(const std::string said, ask("RELOAD"));
  if (said != "RELOADING") return silent(said);
  return {};
}

Result<void> Clamd::open_session() {
  if (session_) return {};
  LUY_TRY(session_, connect());
  if (!send_all(session_.get(), std::string_view("zIDSESSION\0", 11))) {
    rest();
    return silent(std::strerror(errno));
  }
  return {};
}

Result<std::string> Clamd::hand_over(int fd) {
  LUY_TRY_VOID(open_session());
  if (!send_all(session_.get(), std::string_view("zFILDES\0", 8)) || !send_descriptor(session_.get(), fd)) {
    return silent(std::strerror(errno));
  }
  return answer(session_.get(), deadlines_.file);
}

bool Clamd::send_in_time(std::string_view bytes) const {
  const auto millis = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(deadlines_.chunk).count());
  while (!bytes.empty()) {
    pollfd wait{session_.get(), POLLOUT, 0};
    const int ready = ::poll(&wait, 1, millis);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t n = ::send(session_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// Pieces with their length before them, an empty one at the end. From the beginning: a descriptor that did not arrive
// may have been read.
Result<std::string> Clamd::stream(int fd) {
  LUY_TRY_VOID(open_session());
  if (!send_all(session_.get(), std::string_view("zINSTREAM\0", 10))) return silent(std::strerror(errno));
  std::string chunk;
  for (off_t at = 0;;) {
    chunk.resize(4 + chunk_bytes);
    const ssize_t n = ::pread(fd, chunk.data() + 4, chunk_bytes, at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      rest();  // What was sent so far is not the file.
      return std::string("stream: ") + std::strerror(errno) + " ERROR";
    }
    chunk.resize(4 + static_cast<std::size_t>(n));
    for (int i = 0; i < 4; ++i) {
      chunk[static_cast<std::size_t>(i)] = static_cast<char>(static_cast<std::uint32_t>(n) >> (24 - 8 * i) & 0xffU);
    }
    // One that has enough says so and hears no more.
    if (!send_in_time(chunk) || n == 0) break;
    at += n;
  }
  return answer(session_.get(), deadlines_.file);
}

Result<FileVerdict> Clamd::scan(int fd) {
  auto said = streams_ ? stream(fd) : hand_over(fd);
  if (said) handed_over_ = true;
  if (!said && !handed_over_) {
    // Where a security module takes the descriptor away, clamd hangs up and says so in its own log only. As long as
    // none has ever arrived, the content is tried.
    rest();
    if (auto streamed = stream(fd)) {
      streams_ = true;
      said = std::move(streamed);
    }
  }
  if (!said) {
    rest();
    return said.error();
  }
  // "12: fd[10]: Eicar-Signature FOUND", "12: fd[10]: OK", "12: fd[10]: Access denied. ERROR", "12: stream: OK", "12:
  // INSTREAM size limit exceeded. ERROR", after which it hangs up.
  std::string_view text = *said;
  constexpr std::string_view of_stream = "stream: ";
  constexpr std::string_view too_much = "INSTREAM size limit exceeded";
  if (const auto mark = text.find("]: "); mark != std::string_view::npos) {
    text.remove_prefix(mark + 3);
  } else if (const auto at = text.find(of_stream); at != std::string_view::npos) {
    text.remove_prefix(at + of_stream.size());
  } else if (const auto end = text.find(too_much); end != std::string_view::npos) {
    rest();
    text.remove_prefix(end);
  } else {
    rest();
    return silent(text.substr(0, 200));
  }
  FileVerdict out;
  if (text == "OK" || text == "Empty file") return out;
  if (text.ends_with(" FOUND")) {
    text.remove_suffix(6);
    out.kind = FileVerdict::Kind::infected;
  } else {
    out.kind = FileVerdict::Kind::unread;
  }
  out.detail = text.substr(0, 500);
  return out;
}

}  // namespace luy::agent
