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
 * A session that goes back to Express leaves the typed values of its drop-in {@code HttpSession} behind: Express's records have
 * no place for a type. Plain data goes along, and nothing that names a type is in any record of Express.
 */
class TypedValuesLeftBehindTest {
    private static final Key<Card> CARD = Key.of("card", Card.class);

    private final SpyStore own = new SpyStore(MemoryStore.builder().build());
    private final SpyStore express = new SpyStore(MemoryStore.builder().build());
    private final ExpressMove move = Express.move(express, own, e -> e.secret(Site.SECRET));

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

    private static Object show(HttpServletRequest request) {
        HttpSession session = request.getSession();
        return session.getAttribute("coupon") + " " + session.getAttribute("numbers") + " "
                + session.getAttribute("name") + " " + session.getAttribute("list") + " "
                + Sojourn.session(request).get(CARD);
    }

    private static final String WHOLE = "Coupon[percent=10] [7] Alice [a, 1] Card[number=5]";
    private static final String PLAIN = "null null Alice [a, 1] Card[number=5]";

    private void nothingNamesAType() {
        assertThat(express.written()).isNotEmpty();
        for (StoredSession each : express.written()) {
            assertThat(new String(each.payload(), StandardCharsets.UTF_8))
                    .doesNotContain(
                            "oupon", "numbers", "typed-json", "java-serialization", "@java", "\"types\"", "List.of");
        }
    }

    @Test
    void on_the_way_back_plain_data_goes_along_and_typed_values_are_left_out() {
        for (AttributeFormat format : formats()) {
            try (WebApplication ours = application(move.finish(), format);
                    WebApplication returning = application(move.moveBack(), format);
                    WebApplication shared =
                            application(Express.compatible(express, e -> e.secret(Site.SECRET)), format)) {
                ours.request(TypedValuesLeftBehindTest::fill);
                assertThat(ours.request(TypedValuesLeftBehindTest::show)).isEqualTo(WHOLE);

                returning.as(ours);
                assertThat(returning.request(TypedValuesLeftBehindTest::show)).isEqualTo(PLAIN);
                returning.request(request -> {
                    request.getSession().setAttribute("views", 1);
                    return "";
                });
                assertThat(returning.request(TypedValuesLeftBehindTest::show)).isEqualTo(PLAIN);

                shared.as(ours);
                assertThat(shared.request(TypedValuesLeftBehindTest::show)).isEqualTo(PLAIN);
                assertThat(shared.request(request -> request.getSession().getAttribute("views")))
                        .isEqualTo("1");
            }
            nothingNamesAType();
        }
    }

    @Test
    void while_the_way_back_is_prepared_they_are_out_of_sight_and_stay_until_the_session_changes() {
        AttributeFormat format = formats().get(0);
        try (WebApplication ours = application(move.finish(), format);
                WebApplication preparing = application(move.prepareReturn(), format)) {
            ours.request(TypedValuesLeftBehindTest::fill);

            preparing.as(ours);
            assertThat(preparing.request(TypedValuesLeftBehindTest::show)).isEqualTo(PLAIN);
            assertThat(ours.request(TypedValuesLeftBehindTest::show)).isEqualTo(WHOLE);

            preparing.request(request -> {
                request.getSession().setAttribute("views", 1);
                return "";
            });
            assertThat(ours.request(TypedValuesLeftBehindTest::show)).isEqualTo(PLAIN);
        }
        assertThat(express.written()).isEmpty();
    }
}
