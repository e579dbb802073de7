// A bounded mailbox of server-sent events (HTML Living Standard 9.2) between publishers on any thread and one
// connection on the io thread. A client that does not keep up is dropped rather than waited for: it reconnects and
// reads the present state again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace luy::hub {

inline constexpr std::size_t stream_bytes_max = 256 << 10;

// "id: …\nevent: …\ndata: …\n\n"; `data` is one line (JSON as Boost.JSON writes it).
std::string event_frame(std::string_view event, std::string_view id, std::string_view data);

// Thread-safe.
class EventStream {
 public:
  // Adds a frame; false when the stream is closed, or closes it because the client is stream_bytes_max behind.
  bool push(std::string_view frame);
  // For who makes frames on a thread that may wait: while the client is behind, waits until it has taken what is
  // queued. False when the stream is closed; closes it when nothing was taken for `patience`. A frame may be larger
  // than stream_bytes_max.
  bool push_or_wait(std::string_view frame, std::chrono::milliseconds patience);
  // Ends the stream: the connection is closed once what is queued was taken, or at once when `discard`.
  void close(bool discard = false);
  bool closed() const;

  // For the connection: what is queued, and whether more can come. `wake` is called (from any thread, under the lock)
  // at every change.
  struct Taken {
    std::string bytes;
    bool open = true;
  };
  Taken take();
  void on_change(std::function<void()> wake);

 private:
  mutable std::mutex mutex_;
  std::string queued_;
  std::function<void()> wake_;
  bool closed_ = false;
  std::condition_variable taken_;  // Something was taken, or the stream closed.
};

}  // namespace luy::hub
