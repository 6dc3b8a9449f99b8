package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sojourn.DetachedSession;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.testing.TestExchange;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The checks that a scope offers to frameworks whose threads must not block. */
class BlockingCheckTest {
    private final Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(new MemoryStore()));
    private final String token = new TestExchange("/")
            .serve(sessions, session -> session.set("name", "John"))
            .token();
    private boolean mayBlock = true;
    private boolean isUsable = true;

    private SessionScope open(Sessions from) {
        SessionScope scope = from.open(new TestExchange("/", Site.cookie(token)));
        scope.setBlockingCheck(() -> require(mayBlock, "this thread must not block"));
        scope.setUseCheck(() -> require(isUsable, "the session is being saved"));
        return scope;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalStateException(message);
        }
    }

    private static void assertRefused(Session session, Consumer<Session> call, String message) {
        assertThatIllegalStateException().isThrownBy(() -> call.accept(session)).withMessage(message);
    }

    @Test
    void calls_that_may_block_are_checked_and_in_memory_calls_are_not() {
        try (SessionScope scope = open(sessions)) {
            Session session = scope.session();
            mayBlock = false;
            assertRefused(session, each -> each.get("name", String.class), "this thread must not block");

            mayBlock = true;
            scope.load();
            mayBlock = false;

            assertThat(session.get("name", String.class)).isEqualTo("John");
            session.set("name", "Jane");
            session.login("alice");
            assertRefused(session, each -> each.update("n", Integer.class, n -> 1), "this thread must not block");
            assertRefused(session, Session::save, "this thread must not block");
            assertRefused(session, Session::reload, "this thread must not block");
            assertRefused(session, Session::exclusive, "this thread must not block");
        }
    }

    @Test
    void a_detached_session_inherits_the_checks_of_its_session() {
        DetachedSession detached;
        try (SessionScope scope = open(sessions)) {
            detached = scope.session().toDetached();
        }
        assertThat(detached.isAlive()).isTrue();
        mayBlock = false;

        assertThatIllegalStateException().isThrownBy(detached::isAlive).withMessage("this thread must not block");
        assertThatIllegalStateException().isThrownBy(detached::touch).withMessage("this thread must not block");
        assertThatIllegalStateException()
                .isThrownBy(() -> detached.use(Session::names))
                .withMessage("this thread must not block");
    }

    @Test
    void a_session_cannot_be_used_while_it_is_saved() {
        try (SessionScope scope = open(sessions)) {
            Session session = scope.session();
            session.set("name", "Jane");
            isUsable = false;
            assertRefused(session, each -> each.set("name", "Joan"), "the session is being saved");
            assertRefused(session, Session::names, "the session is being saved");
            assertRefused(session, Session::publicId, "the session is being saved");
            assertRefused(session, Session::destroy, "the session is being saved");
            isUsable = true;
            scope.commit();
            assertThat(session.get("name", String.class)).isEqualTo("Jane");
        }
    }

    @Test
    void the_scope_of_an_untouched_session_does_not_block() {
        try (SessionScope scope = open(sessions)) {
            assertThat(scope.mayBlock()).isFalse();
            Session session = scope.session();
            assertThat(scope.mayBlock()).as("fetched, not used").isFalse();
            assertThat(session.get("name", String.class)).isEqualTo("John");
            assertThat(scope.mayBlock()).isTrue();
        }
        Sessions rolling = Sessions.create(
                c -> c.secret(Site.SECRET).store(new MemoryStore()).rolling());
        try (SessionScope scope = open(rolling)) {
            assertThat(scope.mayBlock()).isTrue();
        }
    }
}
