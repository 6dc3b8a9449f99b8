package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressMove;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.proof.site.WebApplication;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.Sojourn;
import dev.sojourn.spi.StoredSession;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session that moves back to Express loses the typed values of its drop-in {@code HttpSession}, because Express's records cannot
 * represent types. Plain data is kept. No record of Express names a type.
 */
class MoveToExpressTypedValuesTest {
    private static final Key<Card> CARD = Key.of("card", Card.class);

    private final SpyStore sojournStore = new SpyStore(MemoryStore.builder().build());
    private final SpyStore expressStore = new SpyStore(MemoryStore.builder().build());
    private final ExpressMove move = Express.move(expressStore, sojournStore, e -> e.secret(Site.SECRET));

    @TempDir
    private Path folder;

    record Coupon(int percent) implements Serializable {}

    record Card(int number) {}

    private static List<AttributeFormat> formats() {
        return List.of(
                AttributeFormat.json(Coupon.class), AttributeFormat.filteredJavaSerialization(Coupon.class.getName()));
    }

    private WebApplication application(Consumer<Sessions.Config> step, AttributeFormat format) {
        return new WebApplication(folder, Sessions.create(step), format, "connect.sid");
    }

    private static Object fill(HttpServletRequest request) {
        HttpSession session = request.getSession();
        session.setAttribute("coupon", new Coupon(10));
        session.setAttribute("numbers", List.of(7L));
        session.setAttribute("name", "Alice");
        session.setAttribute("list", new ArrayList<>(List.of("a", 1)));
        Sojourn.session(request).set(CARD, new Card(5));
        return "";
    }

    private static Object describe(HttpServletRequest request) {
        HttpSession session = request.getSession();
        return session.getAttribute("coupon") + " " + session.getAttribute("numbers") + " "
                + session.getAttribute("name") + " " + session.getAttribute("list") + " "
                + Sojourn.session(request).get(CARD);
    }

    private static final String WHOLE = "Coupon[percent=10] [7] Alice [a, 1] Card[number=5]";
    private static final String PLAIN = "null null Alice [a, 1] Card[number=5]";

    private void assertNoTypeNames() {
        assertThat(expressStore.writtenRecords()).isNotEmpty();
        for (StoredSession each : expressStore.writtenRecords()) {
            assertThat(new String(each.payload(), StandardCharsets.UTF_8))
                    .doesNotContain(
                            "oupon", "numbers", "typed-json", "java-serialization", "@java", "\"types\"", "List.of");
        }
    }

    @Test
    void a_move_back_keeps_plain_data_and_drops_typed_values() {
        for (AttributeFormat format : formats()) {
            try (WebApplication ours = application(move.finish(), format);
                    WebApplication returning = application(move.moveBack(), format);
                    WebApplication shared =
                            application(Express.compatible(expressStore, e -> e.secret(Site.SECRET)), format)) {
                ours.request(MoveToExpressTypedValuesTest::fill);
                assertThat(ours.request(MoveToExpressTypedValuesTest::describe)).isEqualTo(WHOLE);

                returning.useCookieOf(ours);
                assertThat(returning.request(MoveToExpressTypedValuesTest::describe))
                        .isEqualTo(PLAIN);
                returning.request(request -> {
                    request.getSession().setAttribute("views", 1);
                    return "";
                });
                assertThat(returning.request(MoveToExpressTypedValuesTest::describe))
                        .isEqualTo(PLAIN);

                shared.useCookieOf(ours);
                assertThat(shared.request(MoveToExpressTypedValuesTest::describe))
                        .isEqualTo(PLAIN);
                assertThat(shared.request(request -> request.getSession().getAttribute("views")))
                        .isEqualTo("1");
            }
            assertNoTypeNames();
        }
    }

    @Test
    void while_a_move_back_is_prepared_typed_values_are_hidden_and_stay_until_the_session_changes() {
        AttributeFormat format = formats().get(0);
        try (WebApplication ours = application(move.finish(), format);
                WebApplication preparing = application(move.prepareReturn(), format)) {
            ours.request(MoveToExpressTypedValuesTest::fill);

            preparing.useCookieOf(ours);
            assertThat(preparing.request(MoveToExpressTypedValuesTest::describe))
                    .isEqualTo(PLAIN);
            assertThat(ours.request(MoveToExpressTypedValuesTest::describe)).isEqualTo(WHOLE);

            preparing.request(request -> {
                request.getSession().setAttribute("views", 1);
                return "";
            });
            assertThat(ours.request(MoveToExpressTypedValuesTest::describe)).isEqualTo(PLAIN);
        }
        assertThat(expressStore.writtenRecords()).isEmpty();
    }
}
