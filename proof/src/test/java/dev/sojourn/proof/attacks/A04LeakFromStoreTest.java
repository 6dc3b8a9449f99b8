package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.RememberingSite;
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
    /** Returns everything that was passed to the store as texts, one char per byte. */
    private static List<String> everythingPassedTo(Site site) {
        List<String> texts = new ArrayList<>();
        for (StoreKey key : site.store().keys()) {
            texts.add(key.text());
        }
        for (StoredSession session : site.store().writtenRecords()) {
            texts.add(new String(session.payload(), StandardCharsets.ISO_8859_1));
            texts.add(String.valueOf(session.subject()));
        }
        return texts;
    }

    /** Returns the encodings in which an id could appear. */
    private static List<String> encodings(String id) {
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

    private static List<String> runLifecycle(Site site) {
        List<String> tokens = new ArrayList<>();
        tokens.add(site.get("/set?x").token());
        tokens.add(site.getAs(tokens.get(0), "/login?alice").token());
        site.getAs(tokens.get(1), "/count");
        site.clock().advance(Duration.ofMinutes(5));
        site.getAs(tokens.get(1), "/read");
        tokens.add(site.getAs(tokens.get(1), "/change-id").token());
        tokens.add(site.getAs(tokens.get(2), "/regenerate").token());
        site.getAs(tokens.get(3), "/set?y");
        site.getAs(tokens.get(0), "/read");
        site.getAs(tokens.get(3), "/logout");
        return tokens;
    }

    @Test
    void the_store_never_receives_an_id_in_any_encoding() {
        try (Site site = Site.onTwoNodes()) {
            List<String> tokens = runLifecycle(site);
            List<String> texts = everythingPassedTo(site);
            assertThat(site.store().writtenRecords()).hasSizeGreaterThan(5);
            for (String token : tokens) {
                for (String encoding : encodings(ForgedTokens.id(token))) {
                    assertThat(texts).noneMatch(each -> each.contains(encoding));
                }
                assertThat(texts).noneMatch(each -> each.contains(ForgedTokens.tag(token)));
            }
        }
    }

    @Test
    void the_store_never_receives_a_remember_me_token_or_a_csrf_token() {
        try (RememberingSite shop = new RememberingSite()) {
            shop.site().addPage("/form", (session, exchange) -> session.csrfToken());
            RememberingSite.Browser browser = shop.browser();
            List<String> secrets = new ArrayList<>();
            browser.get("/login-remembered?alice");
            for (int day = 0; day < 3; day++) {
                String token = browser.rememberToken().orElseThrow();
                secrets.addAll(List.of(token.split("\\.", -1)).stream()
                        .filter(part -> part.length() > 20)
                        .toList());
                secrets.add(browser.get("/form").body());
                shop.site().clock().advance(Duration.ofDays(1));
                browser.restart();
            }

            assertThat(secrets).hasSize(9).allMatch(secret -> secret.length() >= 43);
            assertThat(secrets.stream().distinct()).hasSize(6);
            List<String> texts = everythingPassedTo(shop.site());
            assertThat(texts).hasSizeGreaterThan(10);
            for (String secret : secrets) {
                assertThat(texts).noneMatch(each -> each.contains(secret));
            }
            for (String encoding :
                    encodings(ForgedTokens.id(browser.rememberToken().orElseThrow()))) {
                assertThat(texts).noneMatch(each -> each.contains(encoding));
            }
        }
    }

    @Test
    void a_store_key_as_the_cookie_opens_nothing() {
        try (Site site = Site.onTwoNodes()) {
            String token = site.startSession("x");
            site.getAs(token, "/read");
            String key = site.store().keys().get(0).text();
            ForgedTokens.assertNotAccepted(site, Site.cookie(key));
            ForgedTokens.assertNotAccepted(site, Site.cookie(key + "." + ForgedTokens.tag(token)));
            ForgedTokens.assertNotAccepted(site, Site.cookie(key + "." + key));
        }
    }

    @Test
    void a_public_id_as_the_cookie_opens_nothing_and_is_not_part_of_the_id_or_the_key() {
        try (Site site = Site.onTwoNodes()) {
            site.addPage("/public-id", (session, exchange) -> session.publicId());
            String token = site.startSession("x");
            RawResponse response = site.getAs(token, "/public-id");
            String publicId = response.body();
            assertThat(token).doesNotContain(publicId);
            assertThat(site.store().keys().get(0).text()).doesNotContain(publicId);
            ForgedTokens.assertNotAccepted(site, Site.cookie(publicId));
            ForgedTokens.assertNotAccepted(site, Site.cookie(publicId + "." + ForgedTokens.tag(token)));
        }
    }
}
