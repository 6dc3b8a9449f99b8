package dev.sojourn.express.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.express.ExpressOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

/** Sessions whose signed-in user is in an attribute of Express. */
class UsersTest {
    private static final Key<Map<String, Object>> PASSPORT = Key.of("passport", new TypeReference<>() {});

    private Site site;

    @BeforeEach
    void start() throws IOException {
        site = new Site(Site.PLAIN.andThen(e -> e.userAttribute("user")), Site.USUAL);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private void startAnew(Consumer<ExpressOptions> options) throws IOException {
        site.close();
        site = new Site(Site.PLAIN.andThen(options), Site.USUAL);
    }

    private static String subject(Session session) {
        return String.valueOf(session.subject());
    }

    private Response visitor() throws IOException {
        return site.get(session -> {
            session.set("cart", 3);
            return "";
        });
    }

    private Response signIn(Response visitor) throws IOException {
        return site.as(visitor.cookie(), session -> {
            session.login("alice");
            return String.valueOf(session.get("user", String.class));
        });
    }

    @Test
    void login_gives_a_new_id_and_sets_the_attribute_that_express_reads() throws IOException {
        Response visitor = visitor();

        Response login = signIn(visitor);

        assertThat(login.body()).as("seen in the same request").isEqualTo("alice");
        assertThat(login.calls()).as("created, then deleted").containsExactly("get", "set", "destroy");
        assertThat(site.store.text(login.id())).contains("\"cart\":3", "\"user\":\"alice\"");
        assertThat(site.store.size()).isEqualTo(1);
        assertThat(site.as(login.cookie(), UsersTest::subject).body()).isEqualTo("alice");
        assertThat(site.as(visitor.cookie(), UsersTest::subject).body()).isEqualTo("null");
    }

    @Test
    void whoever_express_signed_in_is_signed_in() throws IOException {
        Response visitor = visitor();
        site.store.edit(visitor.id(), text -> text.replace("\"cart\":3", "\"cart\":3,\"user\":\"bob\""));

        assertThat(site.as(visitor.cookie(), UsersTest::subject).body()).isEqualTo("bob");
    }

    @Test
    void whoever_express_signed_out_meanwhile_is_not_signed_in_again_by_a_late_change() throws IOException {
        Response login = signIn(visitor());

        site.as(login.cookie(), session -> {
            session.names();
            site.store.edit(login.id(), text -> text.replace(",\"user\":\"alice\"", ""));
            session.clear();
            session.set("late", true);
            return "";
        });

        assertThat(site.store.text(login.id())).contains("\"late\":true").doesNotContain("alice");
        assertThat(site.as(login.cookie(), UsersTest::subject).body()).isEqualTo("null");
    }

    @Test
    void a_user_within_an_object_is_read_and_written_there() throws IOException {
        startAnew(e -> e.userAttribute("passport", "user"));
        Response login = site.get(session -> {
            session.login("alice");
            return "";
        });
        assertThat(site.store.text(login.id())).contains("\"passport\":{\"user\":\"alice\"}");

        Response visitor = visitor();
        site.store.edit(
                visitor.id(),
                text -> text.replace("\"cart\":3", "\"cart\":3,\"passport\":{\"user\":42,\"name\":\"Bob\"}"));
        assertThat(site.as(visitor.cookie(), UsersTest::subject).body()).isEqualTo("42");

        Response again = site.as(visitor.cookie(), session -> {
            session.login("42");
            return "";
        });
        assertThat(site.store.text(again.id()))
                .as("what Express knows of the user stays as it is")
                .contains("\"passport\":{\"user\":42,\"name\":\"Bob\"}");
    }

    @Test
    void a_login_gives_express_what_it_reads_of_a_user() throws IOException {
        startAnew(e -> e.userAttribute("user", "id")
                .userValue(id -> Map.of("id", Integer.valueOf(id), "name", "Number " + id)));

        Response login = site.get(session -> {
            session.login("42");
            return String.valueOf(session.get("user", Map.class));
        });

        assertThat(login.body()).contains("name=Number 42");
        assertThat(site.store.text(login.id())).contains("\"id\":42").contains("\"name\":\"Number 42\"");
        assertThat(site.as(login.cookie(), UsersTest::subject).body()).isEqualTo("42");
    }

    @Test
    void a_value_that_names_another_user_signs_nobody_in() throws IOException {
        startAnew(e -> e.userAttribute("user", "id").userValue(id -> Map.of("id", "somebody else")));

        Response login = site.get(session -> {
            session.login("42");
            return "";
        });

        assertThat(login.status()).isEqualTo(500);
        assertThat(site.store.size()).isZero();
    }

    @Test
    void who_is_signed_in_cannot_be_changed_within_the_object_that_says_so() throws IOException {
        startAnew(e -> e.userAttribute("passport", "user"));
        Response login = site.get(session -> {
            session.login("alice");
            return "";
        });

        Response changed = site.as(login.cookie(), session -> {
            Objects.requireNonNull(session.get(PASSPORT)).put("user", "bob");
            return "";
        });

        assertThat(changed.status()).isEqualTo(500);
        assertThat(site.as(login.cookie(), UsersTest::subject).body()).isEqualTo("alice");
    }

    @Test
    void a_login_as_the_same_user_holds_though_express_signed_out_meanwhile() throws IOException {
        Response login = signIn(visitor());

        Response again = site.as(login.cookie(), session -> {
            session.names();
            site.store.edit(login.id(), text -> text.replace(",\"user\":\"alice\"", ""));
            session.login("alice");
            return "";
        });

        assertThat(site.as(again.cookie(), UsersTest::subject).body()).isEqualTo("alice");
    }

    @Test
    void what_express_destroyed_meanwhile_stays_destroyed() throws IOException {
        Response login = signIn(visitor());

        Response late = site.as(login.cookie(), session -> {
            session.names();
            site.store.clear();
            session.set("late", true);
            return "";
        });

        assertThat(late.status()).isEqualTo(200);
        assertThat(site.store.size()).isZero();
    }

    @Test
    void what_express_changed_meanwhile_is_kept() throws IOException {
        Response visitor = visitor();

        site.as(visitor.cookie(), session -> {
            session.names();
            site.store.edit(visitor.id(), text -> text.replace("\"cart\":3", "\"cart\":3,\"theme\":\"dark\""));
            session.set("late", true);
            return "";
        });

        assertThat(site.store.text(visitor.id())).contains("\"theme\":\"dark\"", "\"late\":true", "\"cart\":3");
    }

    @Test
    void clearing_keeps_the_user_and_nothing_else() throws IOException {
        Response login = signIn(visitor());

        site.as(login.cookie(), session -> {
            session.clear();
            return "";
        });

        assertThat(site.store.text(login.id())).contains("\"user\":\"alice\"").doesNotContain("cart");
    }

    @Test
    void nothing_but_login_changes_the_attribute() throws IOException {
        Response login = signIn(visitor());

        Response response = site.as(login.cookie(), session -> {
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
        Response login = signIn(visitor());

        Response fresh = site.as(login.cookie(), session -> {
            session.regenerate();
            return subject(session);
        });

        assertThat(fresh.body()).isEqualTo("null");
        assertThat(site.store.text(fresh.id())).doesNotContain("alice");
        assertThat(site.store.size()).isEqualTo(1);
    }
}
