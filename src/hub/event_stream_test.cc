// Goal: who makes frames faster than they are read waits, and learns when nobody reads them any more.
// Method: a stream with a reader on another thread, or none.
#include "hub/event_stream.h"

#include <gtest/gtest.h>

#include <thread>

namespace luy::hub {
namespace {

using namespace std::chrono_literals;

TEST(EventStream, AWriterThatMayWaitLosesNothingToASlowReader) {
  EventStream stream;
  const std::string frame(stream_bytes_max / 4, 'x');
  std::size_t read = 0;
  std::size_t largest = 0;
  std::thread reader([&] {
    for (;;) {
      const EventStream::Taken taken = stream.take();
      read += taken.bytes.size();
      largest = std::max(largest, taken.bytes.size());
      if (!taken.open && taken.bytes.empty()) return;
      std::this_thread::yield();
    }
  });
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(stream.push_or_wait(frame, 60s));
  stream.close();
  reader.join();
  EXPECT_EQ(read, 100 * frame.size());
  EXPECT_LE(largest, stream_bytes_max);
}

TEST(EventStream, AReaderThatIsGoneEndsTheWait) {
  EventStream stream;
  ASSERT_TRUE(stream.push_or_wait(std::string(stream_bytes_max, 'x'), 60s));
  std::thread closer([&] { stream.close(true); });
  EXPECT_FALSE(stream.push_or_wait("y", 60s));
  closer.join();
  EXPECT_FALSE(stream.push("z"));
}

TEST(EventStream, WhoTakesNothingIsGivenUp) {
  EventStream stream;
  ASSERT_TRUE(stream.push_or_wait(std::string(stream_bytes_max + 1, 'x'), 0ms)) << "an empty queue takes any frame";
  EXPECT_FALSE(stream.push_or_wait("y", 1ms));
  EXPECT_TRUE(stream.closed());
  EXPECT_TRUE(stream.take().bytes.empty());
}

}  // namespace
}  // namespace luy::hub
