package shop;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ProductController {
    private final RecentlySeen seen;

    ProductController(RecentlySeen seen) {
        this.seen = seen;
    }

    @GetMapping("/products/{name}")
    String product(@PathVariable String name) {
        seen.add(name);
        return name;
    }

    @GetMapping("/recent")
    List<String> recent() {
        return seen.products();
    }
}
