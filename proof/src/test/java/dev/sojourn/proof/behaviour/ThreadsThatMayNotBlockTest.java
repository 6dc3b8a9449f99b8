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

/** What the scope offers to frameworks whose threads may not block. */
class ThreadsThatMayNotBlockTest {
    private final Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(new MemoryStore()));
    private final String token = new TestExchange("/")
            .serve(sessions, session -> session.set("name", "John"))
            .token();
    private boolean mayWait = true;
    private boolean mayUse = true;

    private SessionScope open(Sessions from) {
        SessionScope scope = from.open(new TestExchange("/", Site.cookie(token)));
        scope.setBlockingCheck(() -> require(mayWait, "this thread may not wait"));
        scope.setUseCheck(() -> require(mayUse, "the session is being saved"));
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
    void what_may_ask_the_store_is_checked_and_what_is_in_memory_is_not() {
        try (SessionScope scope = open(sessions)) {
            Session session = scope.session();
            mayWait = false;
            assertRefused(session, each -> each.get("name", String.class), "this thread may not wait");

            mayWait = true;
            scope.load();
            mayWait = false;

            assertThat(session.get("name", String.class)).isEqualTo("John");
            session.set("name", "Jane");
            session.login("alice");
            assertRefused(session, each -> each.update("n", Integer.class, n -> 1), "this thread may not wait");
            assertRefused(session, Session::save, "this thread may not wait");
            assertRefused(session, Session::reload, "this thread may not wait");
            assertRefused(session, Session::exclusive, "this thread may not wait");
        }
    }

    @Test
    void a_detached_session_is_checked_as_the_session_was_that_it_was_taken_from() {
        DetachedSession detached;
        try (SessionScope scope = open(sessions)) {
            detached = scope.session().toDetached();
        }
        assertThat(detached.isAlive()).isTrue();
        mayWait = false;

        assertThatIllegalStateException().isThrownBy(detached::isAlive).withMessage("this thread may not wait");
        assertThatIllegalStateException().isThrownBy(detached::touch).withMessage("this thread may not wait");
        assertThatIllegalStateException()
                .isThrownBy(() -> detached.use(Session::names))
                .withMessage("this thread may not wait");
    }

    @Test
    void nobody_uses_a_session_while_it_is_being_saved() {
        try (SessionScope scope = open(sessions)) {
            Session session = scope.session();
            session.set("name", "Jane");
            mayUse = false;
            assertRefused(session, each -> each.set("name", "Joan"), "the session is being saved");
            assertRefused(session, Session::names, "the session is being saved");
            assertRefused(session, Session::publicId, "the session is being saved");
            assertRefused(session, Session::destroy, "the session is being saved");
            mayUse = true;
            scope.commit();
            assertThat(session.get("name", String.class)).isEqualTo("Jane");
        }
    }

    @Test
    void a_scope_that_nobody_asked_for_its_session_does_not_block() {
        try (SessionScope scope = open(sessions)) {
            assertThat(scope.mayBlock()).isFalse();
            scope.session();
            assertThat(scope.mayBlock()).isTrue();
        }
        Sessions rolling = Sessions.create(
                c -> c.secret(Site.SECRET).store(new MemoryStore()).rolling());
        try (SessionScope scope = open(rolling)) {
            assertThat(scope.mayBlock()).isTrue();
        }
    }
}
