// Goal: the queue is bounded, keeps order across threads, and closing lets everybody go without losing what is in it.
#include "base/queue.h"

#include <gtest/gtest.h>

#include <thread>

namespace luy {

TEST(BoundedQueue, RefusesBeyondItsBoundAndAfterClosing) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_TRUE(queue.try_push(2));
  EXPECT_FALSE(queue.try_push(3));
  queue.close();
  EXPECT_FALSE(queue.push(4));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, CarriesEverythingInOrderThroughASmallBound) {
  BoundedQueue<int> queue(3);
  std::thread producer([&] {
    for (int i = 0; i < 10'000; ++i) queue.push(i);
    queue.close();
  });
  int expected = 0;
  while (const auto item = queue.pop()) EXPECT_EQ(*item, expected++);
  producer.join();
  EXPECT_EQ(expected, 10'000);
}

TEST(BoundedQueue, ClosingWakesAWaitingProducer) {
  BoundedQueue<int> queue(1);
  queue.push(1);
  std::thread producer([&] { EXPECT_FALSE(queue.push(2)); });
  queue.close();
  producer.join();
}

}  // namespace luy
