use std::time::Instant;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    for _ in 0..3 {
        let t = Instant::now();
        let mut c = emqstat::deployment::Collector::new();
        c.read(None, std::fs::File::open(&path).unwrap()).unwrap();
        let r = c.finish();
        let e = t.elapsed();
        println!("{e:?} rules {}", r.snapshots[0].rules.as_ref().unwrap().len());
        let t = Instant::now();
        let mut p = emqstat::exposition::Parser::new(std::fs::File::open(&path).unwrap());
        let mut n = 0u64;
        while let Some(_e) = p.next().unwrap() {
            n += 1;
        }
        println!("parser alone {:?} {n}", t.elapsed());
    }
}
