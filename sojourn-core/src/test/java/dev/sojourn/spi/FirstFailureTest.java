package dev.sojourn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstFailureTest {
    private final FirstFailure failures = new FirstFailure();
    private final List<String> completed = new ArrayList<>();

    @Test
    void the_remaining_steps_run_and_the_first_exception_is_thrown() {
        IllegalStateException first = new IllegalStateException("first");

        assertThat(failures.attempt(() -> completed.add("one"))).isTrue();
        assertThat(failures.attempt(() -> {
                    throw first;
                }))
                .isFalse();
        assertThat(failures.attempt(() -> {
                    throw new IllegalArgumentException("second");
                }))
                .isFalse();
        assertThat(failures.attempt(() -> completed.add("four"))).isTrue();

        assertThat(completed).containsExactly("one", "four");
        assertThat(failures.count()).isEqualTo(2);
        assertThat(failures.exception()).isSameAs(first);
        assertThatThrownBy(failures::throwIfAny).isSameAs(first);
    }

    @Test
    void nothing_is_thrown_if_no_step_failed() {
        failures.attempt(() -> completed.add("one"));

        assertThat(failures.count()).isZero();
        assertThat(failures.exception()).isNull();
        assertThatCode(failures::throwIfAny).doesNotThrowAnyException();
    }

    @Test
    void an_error_is_thrown_at_once() {
        assertThatThrownBy(() -> failures.attempt(() -> {
                    throw new StackOverflowError();
                }))
                .isInstanceOf(StackOverflowError.class);
    }
}
