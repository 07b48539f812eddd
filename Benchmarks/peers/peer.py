"""What every peer prints: one `result name=value ...` line, as almoner-bench does."""
import resource
import time


class Measure:
    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def wall_so_far(self):
        return time.perf_counter() - self.wall

    def taken(self):
        """Stops the clocks."""
        self.wall, self.cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu
        return self

    def result(self, count, **more):
        wall, cpu = self.wall, self.cpu
        fields = {"count": count, "seconds": f"{wall:.4f}", "cpu": f"{cpu:.4f}", "per_second": f"{count / wall:.1f}"}
        fields["peak_kib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        fields.update(more)
        print("result " + " ".join(f"{k}={v}" for k, v in fields.items()), flush=True)
