package dev.sojourn.express.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.SignIn;
import dev.sojourn.express.ExpressOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

/** Tests sessions whose signed-in user is in an attribute that Express reads. */
class SignedInUserTest {
    private static final Key<Map<String, Object>> PASSPORT = Key.of("passport", new TypeReference<>() {});

    private Site site;

    @BeforeEach
    void start() throws IOException {
        site = new Site(Site.PLAIN.andThen(e -> e.userAttribute("user")), Site.SOJOURN_DEFAULTS);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private void restart(Consumer<ExpressOptions> options) throws IOException {
        site.close();
        site = new Site(Site.PLAIN.andThen(options), Site.SOJOURN_DEFAULTS);
    }

    private static String subject(Session session) {
        return String.valueOf(session.subject());
    }

    private Response startAnonymous() throws IOException {
        return site.get(session -> {
            session.set("cart", 3);
            return "";
        });
    }

    private Response signIn(Response anonymous) throws IOException {
        return site.get(anonymous.cookie(), session -> {
            session.login("alice");
            return String.valueOf(session.get("user", String.class));
        });
    }

    @Test
    void only_the_user_of_a_sign_in_is_kept_and_whatever_needs_more_says_so() throws IOException {
        Response login = site.get(startAnonymous().cookie(), session -> {
            session.login("alice", SignIn.by("pwd").at(Instant.EPOCH));
            return "";
        });

        assertThat(site.store.text(login.id())).doesNotContain("pwd");
        site.get(login.cookie(), session -> {
            assertThat(session.subject()).isEqualTo("alice");
            assertThat(session.signIn()).isEqualTo(SignIn.by());
            assertThat(session.signedInAt()).isNull();
            assertThat(session.actingBy()).isNull();
            assertThat(session.isElevated("payments")).isFalse();
            Duration time = Duration.ofMinutes(5);
            List<Runnable> refused = List.of(
                    () -> session.isFresh(time),
                    () -> session.requireFresh(time),
                    () -> session.elevate("payments", time),
                    () -> session.actAs("bob", "alice", time));
            refused.forEach(each -> assertThatThrownBy(each::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("only the user of a sign-in"));
            return "";
        });
    }

    @Test
    void login_gives_a_new_id_and_sets_the_attribute_that_express_reads() throws IOException {
        Response anonymous = startAnonymous();

        Response login = signIn(anonymous);

        assertThat(login.body()).as("read in the same request").isEqualTo("alice");
        assertThat(login.calls()).as("created, then deleted").containsExactly("get", "set", "destroy");
        assertThat(site.store.text(login.id())).contains("\"cart\":3", "\"user\":\"alice\"");
        assertThat(site.store.size()).isEqualTo(1);
        assertThat(site.get(login.cookie(), SignedInUserTest::subject).body()).isEqualTo("alice");
        assertThat(site.get(anonymous.cookie(), SignedInUserTest::subject).body())
                .isEqualTo("null");
    }

    @Test
    void a_user_whom_express_signed_in_is_signed_in() throws IOException {
        Response anonymous = startAnonymous();
        site.store.edit(anonymous.id(), text -> text.replace("\"cart\":3", "\"cart\":3,\"user\":\"bob\""));

        assertThat(site.get(anonymous.cookie(), SignedInUserTest::subject).body())
                .isEqualTo("bob");
    }

    @Test
    void a_late_change_does_not_sign_in_a_user_whom_express_has_signed_out() throws IOException {
        Response login = signIn(startAnonymous());

        site.get(login.cookie(), session -> {
            session.names();
            site.store.edit(login.id(), text -> text.replace(",\"user\":\"alice\"", ""));
            session.clear();
            session.set("late", true);
            return "";
        });

        assertThat(site.store.text(login.id())).contains("\"late\":true").doesNotContain("alice");
        assertThat(site.get(login.cookie(), SignedInUserTest::subject).body()).isEqualTo("null");
    }

    @Test
    void a_user_id_in_an_object_is_read_and_written_there() throws IOException {
        restart(e -> e.userAttribute("passport", "user"));
        Response login = site.get(session -> {
            session.login("alice");
            return "";
        });
        assertThat(site.store.text(login.id())).contains("\"passport\":{\"user\":\"alice\"}");

        Response anonymous = startAnonymous();
        site.store.edit(
                anonymous.id(),
                text -> text.replace("\"cart\":3", "\"cart\":3,\"passport\":{\"user\":42,\"name\":\"Bob\"}"));
        assertThat(site.get(anonymous.cookie(), SignedInUserTest::subject).body())
                .isEqualTo("42");

        Response again = site.get(anonymous.cookie(), session -> {
            session.login("42");
            return "";
        });
        assertThat(site.store.text(again.id()))
                .as("the user object of Express is unchanged")
                .contains("\"passport\":{\"user\":42,\"name\":\"Bob\"}");
    }

    @Test
    void a_login_writes_the_user_object_that_express_reads() throws IOException {
        restart(e -> e.userAttribute("user", "id")
                .userValue(id -> Map.of("id", Integer.valueOf(id), "name", "Number " + id)));

        Response login = site.get(session -> {
            session.login("42");
            return String.valueOf(session.get("user", Map.class));
        });

        assertThat(login.body()).contains("name=Number 42");
        assertThat(site.store.text(login.id())).contains("\"id\":42").contains("\"name\":\"Number 42\"");
        assertThat(site.get(login.cookie(), SignedInUserTest::subject).body()).isEqualTo("42");
    }

    @Test
    void a_login_whose_user_object_has_another_id_fails() throws IOException {
        restart(e -> e.userAttribute("user", "id").userValue(id -> Map.of("id", "another user")));

        Response login = site.get(session -> {
            session.login("42");
            return "";
        });

        assertThat(login.status()).isEqualTo(500);
        assertThat(site.store.size()).isZero();
    }

    @Test
    void the_user_id_in_an_object_cannot_be_changed() throws IOException {
        restart(e -> e.userAttribute("passport", "user"));
        Response login = site.get(session -> {
            session.login("alice");
            return "";
        });

        Response changed = site.get(login.cookie(), session -> {
            Objects.requireNonNull(session.get(PASSPORT)).put("user", "bob");
            return "";
        });

        assertThat(changed.status()).isEqualTo(500);
        assertThat(site.get(login.cookie(), SignedInUserTest::subject).body()).isEqualTo("alice");
    }

    @Test
    void a_login_as_the_same_user_succeeds_although_express_has_signed_out() throws IOException {
        Response login = signIn(startAnonymous());

        Response again = site.get(login.cookie(), session -> {
            session.names();
            site.store.edit(login.id(), text -> text.replace(",\"user\":\"alice\"", ""));
            session.login("alice");
            return "";
        });

        assertThat(site.get(again.cookie(), SignedInUserTest::subject).body()).isEqualTo("alice");
    }

    @Test
    void a_session_that_express_has_destroyed_stays_destroyed() throws IOException {
        Response login = signIn(startAnonymous());

        Response late = site.get(login.cookie(), session -> {
            session.names();
            site.store.clear();
            session.set("late", true);
            return "";
        });

        assertThat(late.status()).isEqualTo(200);
        assertThat(site.store.size()).isZero();
    }

    @Test
    void a_concurrent_change_by_express_is_kept() throws IOException {
        Response anonymous = startAnonymous();

        site.get(anonymous.cookie(), session -> {
            session.names();
            site.store.edit(anonymous.id(), text -> text.replace("\"cart\":3", "\"cart\":3,\"theme\":\"dark\""));
            session.set("late", true);
            return "";
        });

        assertThat(site.store.text(anonymous.id())).contains("\"theme\":\"dark\"", "\"late\":true", "\"cart\":3");
    }

    @Test
    void clear_removes_all_attributes_except_the_user() throws IOException {
        Response login = signIn(startAnonymous());

        site.get(login.cookie(), session -> {
            session.clear();
            return "";
        });

        assertThat(site.store.text(login.id())).contains("\"user\":\"alice\"").doesNotContain("cart");
    }

    @Test
    void only_login_changes_the_user_attribute() throws IOException {
        Response login = signIn(startAnonymous());

        Response response = site.get(login.cookie(), session -> {
            assertThatThrownBy(() -> session.set("user", "mallory")).hasMessageContaining("login(subject)");
            assertThatThrownBy(() -> session.remove("user")).hasMessageContaining("destroy()");
            assertThatThrownBy(() -> session.update("user", String.class, old -> "mallory"))
                    .isInstanceOf(IllegalArgumentException.class);
            return subject(session);
        });

        assertThat(response.body()).isEqualTo("alice");
    }

    @Test
    void regenerate_signs_out() throws IOException {
        Response login = signIn(startAnonymous());

        Response fresh = site.get(login.cookie(), session -> {
            session.regenerate();
            return subject(session);
        });

        assertThat(fresh.body()).isEqualTo("null");
        assertThat(site.store.text(fresh.id())).doesNotContain("alice");
        assertThat(site.store.size()).isEqualTo(1);
    }
}
