package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class A04LeakFromStoreTest {
    /** Everything that the store was told, as texts in which each char is a byte. */
    private static List<String> everythingIn(Site site) {
        List<String> told = new ArrayList<>();
        for (StoreKey key : site.store().keys()) {
            told.add(key.text());
        }
        for (StoredSession session : site.store().written()) {
            told.add(new String(session.payload(), StandardCharsets.ISO_8859_1));
            told.add(String.valueOf(session.subject()));
        }
        return told;
    }

    /** The ways in which somebody could have written an id down. */
    private static List<String> spellings(String id) {
        byte[] bytes = Base64.getUrlDecoder().decode(id);
        byte[] text = id.getBytes(StandardCharsets.US_ASCII);
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        String ofText = Base64.getEncoder().withoutPadding().encodeToString(text);
        return List.of(
                id,
                new String(bytes, StandardCharsets.ISO_8859_1),
                HexFormat.of().formatHex(bytes),
                HexFormat.of().formatHex(bytes).toUpperCase(Locale.ROOT),
                base64,
                HexFormat.of().formatHex(text),
                ofText);
    }

    private static List<String> wholeLife(Site site) {
        List<String> tokens = new ArrayList<>();
        tokens.add(site.get("/set?x").token());
        tokens.add(site.as(tokens.get(0), "/login?alice").token());
        site.as(tokens.get(1), "/count");
        site.clock().advance(Duration.ofMinutes(5));
        site.as(tokens.get(1), "/read");
        tokens.add(site.as(tokens.get(1), "/change-id").token());
        tokens.add(site.as(tokens.get(2), "/regenerate").token());
        site.as(tokens.get(3), "/set?y");
        site.as(tokens.get(0), "/read");
        site.as(tokens.get(3), "/logout");
        return tokens;
    }

    @Test
    void after_a_whole_life_the_store_was_never_told_an_id_in_any_spelling() {
        try (Site site = new Site()) {
            List<String> tokens = wholeLife(site);
            List<String> told = everythingIn(site);
            assertThat(site.store().written()).hasSizeGreaterThan(5);
            for (String token : tokens) {
                for (String spelling : spellings(Forgery.id(token))) {
                    assertThat(told).noneMatch(each -> each.contains(spelling));
                }
                assertThat(told).noneMatch(each -> each.contains(Forgery.tag(token)));
            }
        }
    }

    @Test
    void presenting_a_key_of_the_store_as_the_cookie_opens_nothing() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            site.as(token, "/read");
            String key = site.store().keys().get(0).text();
            Forgery.isWorthless(site, Site.cookie(key));
            Forgery.isWorthless(site, Site.cookie(key + "." + Forgery.tag(token)));
            Forgery.isWorthless(site, Site.cookie(key + "." + key));
        }
    }

    @Test
    void presenting_a_handle_as_the_cookie_opens_nothing_and_a_handle_is_no_part_of_id_or_key() {
        try (Site site = new Site()) {
            site.page("/handle", (session, exchange) -> session.publicId());
            String token = site.begin("x");
            Reply reply = site.as(token, "/handle");
            String handle = reply.body();
            assertThat(token).doesNotContain(handle);
            assertThat(site.store().keys().get(0).text()).doesNotContain(handle);
            Forgery.isWorthless(site, Site.cookie(handle));
            Forgery.isWorthless(site, Site.cookie(handle + "." + Forgery.tag(token)));
        }
    }
}
