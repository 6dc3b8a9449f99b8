package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The part of the {@link AdapterContract} about cookies, {@code Vary} and caching. */
abstract class AdapterContractHeaders extends AdapterContractAfterHead {
    // ---- cookies

    @Test
    final void destroy_clears_the_cookie_with_the_attributes_that_it_was_set_with() throws IOException {
        Response original = get(r -> {
            session(r).set("name", "John");
            r.send(200, bytes("hello"));
        });
        String cookie = cookie(original);

        Response cleared = get(
                r -> {
                    session(r).destroy();
                    r.send(200, bytes("bye"));
                },
                cookie);

        String line = setCookie(cleared);
        assertTrue(line.startsWith(COOKIE + "=;"), "an empty value");
        Set<String> attributes = attributes(line);
        assertTrue(attributes.removeIf(AdapterContractSupport::isExpiry), "the cookie is expired");
        assertEquals(attributes(setCookie(original)), attributes);
        assertEquals("null", read(cookie, "name"));
    }

    @Test
    final void login_touch_and_logout_in_one_request_set_one_cookie_and_keep_those_of_the_application()
            throws IOException {
        String cookie = startSession();
        Response response = get(
                r -> {
                    r.addHeader("Set-Cookie", "theme=dark; Path=/");
                    r.addHeader("Set-Cookie", "lang=de");
                    session(r).login("alice");
                    saveNow(session(r));
                    session(r).touch();
                    session(r).destroy();
                    r.send(200, bytes("bye"));
                },
                cookie);

        assertTrue(setCookie(response).startsWith(COOKIE + "=;"));
        assertEquals(3, response.values("Set-Cookie").size());
        assertTrue(response.values("Set-Cookie").containsAll(List.of("theme=dark; Path=/", "lang=de")));
    }

    @Test
    final void set_login_and_change_id_in_one_request_set_one_cookie_and_keep_those_of_the_application()
            throws IOException {
        Response response = get(r -> {
            r.addHeader("Set-Cookie", "theme=dark");
            session(r).set("name", "John");
            saveNow(session(r));
            session(r).login("alice");
            saveNow(session(r));
            changeId(session(r));
            r.send(200, bytes("welcome"));
        });

        assertEquals(2, response.values("Set-Cookie").size());
        assertTrue(response.values("Set-Cookie").contains("theme=dark"));
        assertEquals("alice", subject(cookie(response)));
        assertEquals("John", read(cookie(response), "name"));
    }

    // ---- Vary and caching

    @Test
    final void a_response_that_depends_on_the_session_varies_on_the_cookie() throws IOException {
        Response anonymous = get(r -> r.send(200, bytes("hello " + session(r).get("name", String.class))));
        assertEquals(Set.of("cookie"), vary(anonymous));
        assertEquals(List.of(), anonymous.values("Set-Cookie"));

        Response known = get(r -> r.send(200, bytes("hello " + session(r).get("name", String.class))), startSession());
        assertEquals(Set.of("cookie"), vary(known));
        assertEquals(List.of(), known.values("Set-Cookie"));
    }

    @Test
    final void vary_is_merged_with_that_of_the_application() throws IOException {
        Response response = get(r -> {
            r.addHeader("Vary", "Accept-Encoding, Accept-Language");
            session(r).get("name", String.class);
            r.send(200, bytes("hello"));
        });
        assertEquals(Set.of("accept-encoding", "accept-language", "cookie"), vary(response));

        Response twice = get(r -> {
            r.addHeader("Vary", "cookie");
            session(r).get("name", String.class);
            r.send(200, bytes("hello"));
        });
        assertEquals("cookie", String.join(",", twice.values("Vary")).toLowerCase(Locale.ROOT));
    }

    @Test
    final void no_store_replaces_the_cache_control_of_the_application_if_a_cookie_is_set() throws IOException {
        Response response = get(r -> {
            r.addHeader("Cache-Control", "public, max-age=600");
            session(r).set("name", "John");
            r.send(200, bytes("hello"));
        });

        assertEquals(List.of("no-store"), response.values("Cache-Control"));
        assertEquals(
                "no-store",
                cacheControl(get(
                        r -> {
                            r.addHeader("Cache-Control", "public, max-age=600");
                            session(r).destroy();
                            r.redirect("/");
                        },
                        cookie(response))));
    }

    @Test
    final void no_other_header_allows_caching_if_a_cookie_is_set() throws IOException {
        Map<String, String> cacheHeaders = Map.of(
                "Expires", "Thu, 01 Jan 2099 00:00:00 GMT",
                "Pragma", "public",
                "CDN-Cache-Control", "max-age=600",
                "Cloudflare-CDN-Cache-Control", "max-age=600",
                "Vercel-CDN-Cache-Control", "max-age=600",
                "Netlify-CDN-Cache-Control", "public, max-age=600",
                "Surrogate-Control", "max-age=600",
                "Edge-Control", "max-age=600",
                "X-Accel-Expires", "600",
                "X-LiteSpeed-Cache-Control", "public,max-age=600");
        Response changed = get(r -> {
            cacheHeaders.forEach(r::addHeader);
            session(r).set("name", "John");
            r.send(200, bytes("hello"));
        });
        assertEquals("no-store", cacheControl(changed));
        cacheHeaders
                .keySet()
                .forEach(name -> assertTrue(
                        Set.of("no-store", "no-cache", "0").containsAll(changed.values(name)),
                        () -> name + ": " + changed.values(name)));

        Response untouched = get(r -> {
            cacheHeaders.forEach(r::addHeader);
            r.send(200, bytes("hello"));
        });
        cacheHeaders.forEach((name, value) -> assertEquals(List.of(value), untouched.values(name), name));
    }

    @Test
    final void the_cache_control_of_the_application_stays_if_no_cookie_is_set() throws IOException {
        Response response = get(
                r -> {
                    r.addHeader("Cache-Control", "private, max-age=60");
                    session(r).get("name", String.class);
                    r.send(200, bytes("hello"));
                },
                startSession());

        assertEquals(List.of("private, max-age=60"), response.values("Cache-Control"));
    }
}
