package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DeadlinesProperties {
    private static final Instant CREATED = Instant.parse("2026-11-23T20:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration TICK = Duration.ofMillis(1);

    @Property
    void the_expiry_never_decreases_even_if_the_clocks_of_the_nodes_differ(
            @ForAll("timeouts") Duration idle, @ForAll("clocks") List<Instant> clocks) {
        Deadlines deadlines = new Deadlines(idle, DAY, MINUTE);
        SessionRecord record = SessionRecord.live(CREATED, null);
        Instant latest = CREATED;
        StoredSession stored = storedSession(deadlines.expiry(record, null, CREATED));
        for (Instant now : clocks) {
            latest = now.isAfter(latest) ? now : latest;
            stored = storedSession(deadlines.expiry(record, deadlines.lastAccess(stored.expiresAt(), record), now));

            assertThat(stored.expiresAt()).isEqualTo(latest.plus(idle));
            assertThat(deadlines.lastAccess(stored.expiresAt(), record)).isEqualTo(latest);
        }
    }

    @Property
    void a_session_expires_exactly_at_its_end(
            @ForAll("timeouts") Duration idle, @ForAll("timeouts") Duration absolute) {
        Deadlines deadlines = new Deadlines(idle, absolute, MINUTE);
        SessionRecord record = SessionRecord.live(CREATED, null);
        StoredSession stored = storedSession(deadlines.expiry(record, null, CREATED));
        Instant end = CREATED.plus(idle.compareTo(absolute) < 0 ? idle : absolute);
        Timeout cause = idle.compareTo(absolute) < 0 ? Timeout.IDLE : Timeout.ABSOLUTE;

        assertThat(deadlines.end(stored.expiresAt(), record)).isEqualTo(end);
        assertThat(deadlines.passedTimeout(stored.expiresAt(), record, end.minus(TICK)))
                .isNull();
        assertThat(deadlines.passedTimeout(stored.expiresAt(), record, end)).isEqualTo(cause);
        assertThat(deadlines.passedTimeout(stored.expiresAt(), record, end.plus(TICK)))
                .isNotNull();
    }

    @Property
    void nothing_extends_the_absolute_timeout(
            @ForAll("timeouts") Duration absolute,
            @ForAll("timeouts") Duration idle,
            @ForAll("clocks") List<Instant> clocks) {
        Deadlines deadlines = new Deadlines(idle, absolute, MINUTE);
        SessionRecord record = SessionRecord.live(CREATED, null);
        Instant absoluteEnd = CREATED.plus(absolute);
        StoredSession stored = storedSession(deadlines.expiry(record, null, CREATED));
        for (Instant now : clocks) {
            stored = storedSession(deadlines.expiry(record, deadlines.lastAccess(stored.expiresAt(), record), now));

            assertThat(deadlines.end(stored.expiresAt(), record)).isBeforeOrEqualTo(absoluteEnd);
            assertThat(deadlines.passedTimeout(stored.expiresAt(), record, absoluteEnd))
                    .isEqualTo(Timeout.ABSOLUTE);
        }
    }

    @Property
    void a_touch_is_due_one_interval_after_the_last_access_and_not_before(
            @ForAll("timeouts") Duration idle, @ForAll("intervals") Duration interval) {
        Deadlines deadlines = new Deadlines(idle, DAY, interval);
        SessionRecord record = SessionRecord.live(CREATED, null);
        StoredSession stored = storedSession(CREATED.plus(idle));
        Duration half = idle.dividedBy(2);
        Instant due = CREATED.plus(interval.compareTo(half) < 0 ? interval : half);

        assertThat(deadlines.touchDue(stored.expiresAt(), record, due.minus(TICK)))
                .isFalse();
        assertThat(deadlines.touchDue(stored.expiresAt(), record, due)).isTrue();
        assertThat(deadlines.touchDue(stored.expiresAt(), record, due.plus(TICK)))
                .isTrue();
        assertThat(deadlines.touchDue(stored.expiresAt(), record, CREATED)).isFalse();
    }

    /** The effective idle timeout is in the interval (idle − touch interval, idle]. */
    @Property
    void a_session_that_is_read_within_the_idle_timeout_minus_the_interval_never_expires(
            @ForAll("timeouts") Duration idle, @ForAll("gaps") List<Integer> gaps) {
        Duration interval = idle.dividedBy(4);
        Deadlines deadlines = new Deadlines(idle, Duration.ZERO, interval);
        SessionRecord record = SessionRecord.live(CREATED, null);
        StoredSession stored = storedSession(deadlines.expiry(record, null, CREATED));
        Instant now = CREATED;
        for (int gap : gaps) {
            now = now.plus(idle.minus(interval).multipliedBy(gap).dividedBy(100));
            assertThat(deadlines.passedTimeout(stored.expiresAt(), record, now)).isNull();
            if (deadlines.touchDue(stored.expiresAt(), record, now)) {
                stored = storedSession(deadlines.expiry(record, deadlines.lastAccess(stored.expiresAt(), record), now));
            }
            assertThat(deadlines.passedTimeout(stored.expiresAt(), record, now.plus(idle)))
                    .isEqualTo(Timeout.IDLE);
        }
    }

    @Property
    void without_an_interval_every_later_read_touches(@ForAll("timeouts") Duration idle) {
        Deadlines deadlines = new Deadlines(idle, DAY, Duration.ZERO);
        SessionRecord record = SessionRecord.live(CREATED, null);
        StoredSession stored = storedSession(CREATED.plus(idle));

        assertThat(deadlines.touchDue(stored.expiresAt(), record, CREATED.minus(TICK)))
                .isFalse();
        assertThat(deadlines.touchDue(stored.expiresAt(), record, CREATED)).isFalse();
        assertThat(deadlines.touchDue(stored.expiresAt(), record, CREATED.plus(TICK)))
                .isTrue();
    }

    @Property
    void the_timeouts_of_a_session_override_the_configured_ones(
            @ForAll("timeouts") Duration idle,
            @ForAll("timeouts") Duration absolute,
            @ForAll("timeouts") Duration other) {
        SessionSettings settings =
                SessionSettings.AS_CONFIGURED.withIdleTimeout(idle).withAbsoluteTimeout(absolute);
        SessionRecord own = SessionRecord.live(CREATED, null).withSettings(settings);
        SessionRecord plain = SessionRecord.live(CREATED, null);
        Deadlines configured = new Deadlines(other, other, MINUTE);
        Deadlines same = new Deadlines(idle, absolute, MINUTE);
        Instant now = CREATED.plus(MINUTE);
        StoredSession stored = storedSession(configured.expiry(own, null, now));

        assertThat(stored.expiresAt()).isEqualTo(same.expiry(plain, null, now));
        assertThat(configured.lastAccess(stored.expiresAt(), own)).isEqualTo(now);
        for (Duration later : List.of(Duration.ZERO, TICK, idle, absolute, other)) {
            Instant at = now.plus(later);
            assertThat(configured.passedTimeout(stored.expiresAt(), own, at))
                    .isEqualTo(same.passedTimeout(stored.expiresAt(), plain, at));
            assertThat(configured.touchDue(stored.expiresAt(), own, at))
                    .isEqualTo(same.touchDue(stored.expiresAt(), plain, at));
        }
    }

    @Property
    void a_changed_idle_timeout_counts_from_the_last_access(
            @ForAll("timeouts") Duration before, @ForAll("timeouts") Duration after, @ForAll("clock") Instant now) {
        Deadlines deadlines = new Deadlines(before, DAY, MINUTE);
        SessionRecord record = SessionRecord.live(CREATED, null);
        StoredSession stored = storedSession(CREATED.plus(before));

        Instant lastAccess = deadlines.lastAccess(stored.expiresAt(), record);
        SessionRecord changed = record.withSettings(record.settings().withIdleTimeout(after));
        Instant expiry = deadlines.expiry(changed, lastAccess, now);

        assertThat(expiry).isEqualTo((now.isAfter(CREATED) ? now : CREATED).plus(after));
    }

    @Property
    void without_an_idle_timeout_only_the_absolute_timeout_counts(
            @ForAll("timeouts") Duration absolute, @ForAll("clock") Instant now) {
        Deadlines deadlines = new Deadlines(Duration.ZERO, absolute, MINUTE);
        SessionRecord record = deadlines.stamp(SessionRecord.live(CREATED, null), now);
        StoredSession stored = storedSession(deadlines.expiry(record, null, now));
        Instant end = CREATED.plus(absolute);

        assertThat(record.writtenAt()).isEqualTo(now);
        assertThat(deadlines.lastAccess(stored.expiresAt(), record)).isEqualTo(now);
        assertThat(stored.expiresAt()).isEqualTo(end);
        assertThat(deadlines.touchDue(stored.expiresAt(), record, end.minus(TICK)))
                .isFalse();
        assertThat(deadlines.passedTimeout(stored.expiresAt(), record, end.minus(TICK)))
                .isNull();
        assertThat(deadlines.passedTimeout(stored.expiresAt(), record, end)).isEqualTo(Timeout.ABSOLUTE);
    }

    @Property
    void without_an_absolute_timeout_only_the_idle_timeout_counts(
            @ForAll("timeouts") Duration idle, @ForAll("clock") Instant now) {
        Deadlines deadlines = new Deadlines(idle, Duration.ZERO, MINUTE);
        SessionRecord record = SessionRecord.live(Instant.EPOCH, null);
        StoredSession stored = storedSession(deadlines.expiry(record, null, now));

        assertThat(deadlines.end(stored.expiresAt(), record)).isEqualTo(now.plus(idle));
        assertThat(deadlines.passedTimeout(
                        stored.expiresAt(), record, now.plus(idle).minus(TICK)))
                .isNull();
        assertThat(deadlines.passedTimeout(stored.expiresAt(), record, now.plus(idle)))
                .isEqualTo(Timeout.IDLE);
    }

    @Example
    void a_record_keeps_the_time_of_its_last_write_only_without_an_idle_timeout() {
        SessionRecord stamped = SessionRecord.live(CREATED, null).withWrittenAt(CREATED);

        assertThat(new Deadlines(MINUTE, DAY, TICK).stamp(stamped, CREATED).writtenAt())
                .isNull();
        assertThat(new Deadlines(Duration.ZERO, DAY, TICK)
                        .stamp(stamped, CREATED.plus(TICK))
                        .writtenAt())
                .isEqualTo(CREATED.plus(TICK));
    }

    @Example
    void the_longest_timeouts_do_not_overflow() {
        Deadlines deadlines = new Deadlines(Deadlines.LONGEST, Deadlines.LONGEST, Deadlines.LONGEST);
        for (Instant now : List.of(Instant.EPOCH, CREATED, Instant.parse("+99999-12-31T23:59:59Z"))) {
            SessionRecord record = SessionRecord.live(now, null);
            StoredSession stored = storedSession(deadlines.expiry(record, now, now));

            assertThat(stored.expiresAt().toEpochMilli()).isGreaterThan(now.toEpochMilli());
            assertThat(deadlines.passedTimeout(stored.expiresAt(), record, now)).isNull();
            assertThat(deadlines.touchDue(stored.expiresAt(), record, now)).isFalse();
            assertThat(deadlines.end(stored.expiresAt(), record)).isEqualTo(now.plus(Deadlines.LONGEST));
        }
    }

    @Example
    void the_creation_time_of_a_damaged_record_does_not_overflow() {
        Deadlines deadlines = new Deadlines(Deadlines.LONGEST, Deadlines.LONGEST, MINUTE);
        for (long created : new long[] {Long.MIN_VALUE, Long.MAX_VALUE}) {
            SessionRecord record = SessionRecord.live(Instant.ofEpochMilli(created), null);

            assertThat(deadlines.passedTimeout(storedSession(CREATED).expiresAt(), record, CREATED.minus(TICK)))
                    .isEqualTo(created < 0 ? Timeout.ABSOLUTE : null);
        }
    }

    private static StoredSession storedSession(Instant expiresAt) {
        return new StoredSession(new byte[0], 1, expiresAt, null);
    }

    @Provide
    Arbitrary<Duration> timeouts() {
        return Arbitraries.longs().between(1_000, Deadlines.LONGEST.toMillis()).map(Duration::ofMillis);
    }

    @Provide
    Arbitrary<Duration> intervals() {
        return Arbitraries.longs().between(2, DAY.toMillis()).map(Duration::ofMillis);
    }

    @Provide
    Arbitrary<Instant> clock() {
        return Arbitraries.longs().between(-3_600_000, 3_600_000).map(millis -> CREATED.plusMillis(millis));
    }

    @Provide
    Arbitrary<List<Instant>> clocks() {
        return clock().list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<List<Integer>> gaps() {
        return Arbitraries.integers().between(1, 99).list().ofMaxSize(20);
    }

    @Example
    void a_record_that_was_created_more_than_an_hour_ahead_is_ahead() {
        Deadlines deadlines = new Deadlines(Duration.ofMinutes(30), DAY, MINUTE);
        SessionRecord record = SessionRecord.live(CREATED, null);
        Instant hourBefore = CREATED.minus(Duration.ofHours(1));
        StoredSession usedThen = storedSession(hourBefore.plus(Duration.ofMinutes(30)));

        assertThat(deadlines.isAhead(usedThen.expiresAt(), record, hourBefore)).isFalse();
        assertThat(deadlines.isAhead(usedThen.expiresAt(), record, hourBefore.minus(TICK)))
                .isTrue();
    }
}
