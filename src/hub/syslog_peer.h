// One sender's stream connection, under TLS or not: what it may read now, and the messages that come out of it. Private
// to the syslog ports; on their thread only.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/file.h"
#include "hub/openssl.h"
#include "hub/reception.h"
#include "hub/tls.h"
#include "intake/frame.h"

namespace luy::hub {

class SyslogPeer {
 public:
  enum class Wants { read, write, pause, again, close };  // again: at once, after the others had their turn.

  SyslogPeer(UniqueFd fd, std::string address, TlsContext context, Duration deadline);
  ~SyslogPeer();
  SyslogPeer(const SyslogPeer&) = delete;
  SyslogPeer& operator=(const SyslogPeer&) = delete;

  // Goes on with the handshake and reads a bounded amount; answers what the connection waits for. `cut` counts messages
  // that were not whole.
  Wants proceed(Reception& reception, std::atomic<std::uint64_t>& cut);
  bool handshake_overdue(Duration now) const { return ssl_ && !secured_ && now > deadline_; }
  bool handshake_failed() const { return ssl_ && !secured_; }
  int fd() const { return fd_.get(); }
  const std::string& address() const { return address_; }
  bool refused() const { return guest_ != nullptr && guest_->refused; }
  // The stream ended: its last line goes in.
  void finish(Reception& reception, std::atomic<std::uint64_t>& cut);

 private:
  Wants shake_hands();
  bool introduce(Reception& reception);
  void drain(Reception& reception, std::atomic<std::uint64_t>& cut);
  // Bytes read; 0: closed; -1: `wants_` says what for.
  long read_some(char* to, std::size_t size);

  UniqueFd fd_;
  std::string address_;
  TlsContext context_;
  SslPtr ssl_;
  bool secured_ = false;
  Duration deadline_;
  Wants wants_ = Wants::read;
  Guest* guest_ = nullptr;  // The reception keeps it while we are connected.
  intake::FrameReader frames_;
  bool pending_ = false;  // A whole message may be left in frames_: there was no room for it.
};

}  // namespace luy::hub
