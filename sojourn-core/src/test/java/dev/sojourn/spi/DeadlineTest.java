package dev.sojourn.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);

    @Test
    void the_time_left_shrinks_and_becomes_negative_even_if_the_clock_overflows() {
        Deadline deadline = Deadline.after(Duration.ofNanos(10), nanoTime::get);

        assertThat(deadline.nanosLeft()).isEqualTo(10);
        assertThat(deadline.hasPassed()).isFalse();

        nanoTime.addAndGet(9);
        assertThat(deadline.nanosLeft()).isEqualTo(1);
        assertThat(deadline.hasPassed()).isFalse();

        nanoTime.addAndGet(1);
        assertThat(deadline.nanosLeft()).isZero();
        assertThat(deadline.hasPassed()).isTrue();

        nanoTime.addAndGet(5);
        assertThat(deadline.nanosLeft()).isEqualTo(-5);
        assertThat(deadline).hasToString("Deadline[PT-0.000000005S left]");
    }

    @Test
    void a_deadline_uses_the_clock_of_the_jvm_by_default() {
        long before = System.nanoTime();
        Deadline deadline = Deadline.after(Duration.ofHours(1));
        long left = deadline.nanosLeft();
        long spent = System.nanoTime() - before;

        assertThat(left)
                .isBetween(
                        Duration.ofHours(1).toNanos() - spent,
                        Duration.ofHours(1).toNanos());
        assertThat(Deadline.after(Duration.ZERO).hasPassed()).isTrue();
    }
}
