package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.tools.CookieClient;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.wicket.MarkupContainer;
import org.apache.wicket.Page;
import org.apache.wicket.Session;
import org.apache.wicket.markup.IMarkupResourceStreamProvider;
import org.apache.wicket.markup.html.WebPage;
import org.apache.wicket.markup.html.basic.Label;
import org.apache.wicket.markup.html.link.Link;
import org.apache.wicket.protocol.http.WebApplication;
import org.apache.wicket.protocol.http.WicketFilter;
import org.apache.wicket.util.resource.IResourceStream;
import org.apache.wicket.util.resource.StringResourceStream;
import org.junit.jupiter.api.Test;

/** Checks an application of a framework that stores its pages and its session as serialized objects. */
class WicketTest {
    private static final Pattern COUNT = Pattern.compile("<b[^>]*>([^<]*)</b>");
    private static final Pattern LINK = Pattern.compile("<a[^>]*href=\"([^\"]+)\"");

    /** A page that counts in a field and adds each count to the session. */
    public static final class Counter extends WebPage implements IMarkupResourceStreamProvider {
        private static final long serialVersionUID = 1L;

        private int count;

        /** Creates a page that starts at 0. */
        public Counter() {
            add(new Label("count", () -> count + " " + Session.get().getAttribute("notes")));
            add(new Link<Void>("more") {
                private static final long serialVersionUID = 1L;

                @Override
                public void onClick() {
                    count++;
                    @SuppressWarnings("unchecked") // set here alone
                    ArrayList<Integer> before =
                            (ArrayList<Integer>) Session.get().getAttribute("notes");
                    ArrayList<Integer> notes = before == null ? new ArrayList<>() : new ArrayList<>(before);
                    notes.add(count);
                    Session.get().setAttribute("notes", notes);
                }
            });
        }

        @Override
        public IResourceStream getMarkupResourceStream(MarkupContainer container, Class<?> type) {
            return new StringResourceStream(
                    "<html><body><b wicket:id=\"count\"></b><a wicket:id=\"more\">more</a></body></html>");
        }
    }

    private static final class Application extends WebApplication {
        @Override
        public Class<? extends Page> getHomePage() {
            return Counter.class;
        }

        @Override
        protected void init() {
            super.init();
            getExceptionSettings()
                    .setUnexpectedExceptionDisplay(org.apache.wicket.settings.ExceptionSettings.SHOW_NO_EXCEPTION_PAGE);
        }
    }

    /** A filter that pauses between the flush of a response and the storing of its pages, which follows in Wicket. */
    private static final class SlowFilter extends WicketFilter {
        private static final long MILLIS = 50;

        SlowFilter() {
            super(new Application());
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            HttpServletResponse slow = new HttpServletResponseWrapper((HttpServletResponse) response) {
                @Override
                public void flushBuffer() throws IOException {
                    super.flushBuffer();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(MILLIS));
                }
            };
            super.doFilter(request, slow, chain);
        }
    }

    @Test
    void stateful_pages_work_in_every_request() throws Exception {
        WicketFilter wicket = new SlowFilter();
        wicket.setFilterPath("");
        try (Site site = new Site(
                null,
                new dev.sojourn.SessionListener() {},
                options -> options.attributes(AttributeFormat.filteredJavaSerialization(
                        "org.apache.wicket.**", WicketTest.class.getName() + "$*")),
                new Site.Surroundings() {
                    @Override
                    public void after(jakarta.servlet.ServletContext context, dev.sojourn.Sessions sessions) {
                        Container.addFilter(context, "wicket", wicket);
                    }
                })) {
            PageClient client = new PageClient(site.port());
            assertThat(client.open("/")).isEqualTo("0 null");
            assertThat(client.click()).isEqualTo("1 [1]");
            assertThat(client.click()).isEqualTo("2 [1, 2]");
            assertThat(client.click()).isEqualTo("3 [1, 2, 3]");
            assertThat(client.open("/")).as("another page of the same session").isEqualTo("0 [1, 2, 3]");
            assertThat(new PageClient(site.port()).open("/")).isEqualTo("0 null");
        }
    }

    /** A client that follows redirects and clicks on the only link. */
    private static final class PageClient {
        private final CookieClient client = new CookieClient();
        private final int port;
        private URI at = URI.create("/");
        private String page = "";

        PageClient(int port) {
            this.port = port;
        }

        String open(String path) {
            at = URI.create("http://127.0.0.1:" + port).resolve(path);
            List<Integer> seen = new ArrayList<>();
            HttpResponse<String> received = get(at);
            while (received.statusCode() == 302 && seen.size() < 5) {
                seen.add(received.statusCode());
                at = at.resolve(received.headers().firstValue("Location").orElseThrow());
                received = get(at);
            }
            assertThat(received.statusCode()).isEqualTo(200);
            page = received.body();
            return firstMatch(COUNT);
        }

        private HttpResponse<String> get(URI address) {
            return client.send(HttpRequest.newBuilder(address).GET());
        }

        String click() {
            return open(at.resolve(firstMatch(LINK)).toString());
        }

        private String firstMatch(Pattern pattern) {
            Matcher matcher = pattern.matcher(page);
            assertThat(matcher.find()).as(page).isTrue();
            return matcher.group(1);
        }
    }
}
